import { expect, test } from "bun:test";
import { inSandbox, shell } from "../in-sandbox.ts";
import { newIfb, setLink } from "./link.ts";
import { MessageBuilder } from "./message-builder.ts";
import { changeClass, deleteClass, deleteRootQdisc, dumpClasses, dumpQdiscs, newClass, newHtb, setLeafQueue } from "./qdisc.ts";
import { RouteSocket } from "./route-socket.ts";

const link = 5;
/** 10 ms. */
const burst = 156_250;

inSandbox(import.meta.path, "tc sees the classes we make as we meant them, and we see them too", () => {
  using socket = RouteSocket.open();
  socket.demand([
    newIfb({ name: "duck", index: link }),
    setLink({ index: link, up: true }),
    newHtb(link),
    newClass({ link, minor: 0xfffe, rate: 5_000_000, ceil: 5_000_000, burst }),
    newClass({ link, minor: 0x20, parent: 0xfffe, rate: 1000, ceil: 2_500_000, burst }),
    setLeafQueue(link, 0x20, { kind: "bfifo", bytes: 250_000 }),
  ]);
  expect(shell("tc class show dev duck").trim().split("\n").map((line) => line.trim()).toSorted()).toEqual([
    "class htb 1:20 parent 1:fffe leaf 20: prio 0 rate 8Kbit ceil 20Mbit burst 10b cburst 25000b",
    "class htb 1:fffe root rate 40Mbit ceil 40Mbit burst 50000b cburst 50000b",
  ]);
  expect(shell("tc qdisc show dev duck")).toContain("qdisc bfifo 20: parent 1:20 limit 250000b");
  expect(dumpClasses(socket, link)).toContainEqual({ link, minor: 0x20, parent: 0xfffe, rate: 1000, ceil: 2_500_000 });
  expect(dumpQdiscs(socket)).toEqual([
    { link, kind: "htb" },
    { link, kind: "bfifo", minor: 0x20, queue: { kind: "bfifo", bytes: 250_000 } },
  ]);
  socket.demand([changeClass({ link, minor: 0x20, parent: 0xfffe, rate: 1000, ceil: 1_250_000, burst })]);
  expect(dumpClasses(socket, link).find(({ minor }) => minor === 0x20)?.ceil).toBe(1_250_000);
  socket.demand([deleteClass(link, 0x20)]);
  expect(dumpClasses(socket, link).map(({ minor }) => minor)).toEqual([0xfffe]);
  socket.demand([deleteRootQdisc(link)]);
  expect(dumpQdiscs(socket)).toEqual([]);
});

test("netem is asked for in the very bytes that tc sends: limit 10000 delay 10ms 2ms loss 1%", () => {
  const into = new MessageBuilder(200);
  const request = setLeafQueue(1, 4, { kind: "netem", latency: 156_250, jitter: 31_250, loss: Math.round(0.01 * 0xffff_ffff), packets: 10_000 });
  into.begin(request.type);
  request.write(into);
  into.end(0, 0);
  const body = Buffer.from(into.bytes.subarray(16, into.length)).toString("hex");
  const [header, kind, options] = ["0000000001000000000004000400010000000000", "0a0001006e6574656d000000", "1c0002005a62020010270000295c8f020000000000000000127a0000"];
  expect(body).toBe([header, kind, options].join(""));
});
