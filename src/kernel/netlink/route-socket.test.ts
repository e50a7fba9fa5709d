import { expect, test } from "bun:test";
import { closeSync, openSync } from "node:fs";
import { inSandbox, ip, shell } from "../in-sandbox.ts";
import { KernelError } from "../errors.ts";
import { createNamespace, deleteNamespace, inNamespace, listNamespaces } from "../namespaces.ts";
import { newAddress } from "./address.ts";
import { newBridge, newVeth, setLink } from "./link.ts";
import { socketCalls } from "../libc.ts";
import { dumpLinks, getLink } from "./link-state.ts";
import { newNeighbour } from "./neighbour.ts";
import { MessageBuilder } from "./message-builder.ts";
import { NLM_F_REQUEST } from "./request.ts";
import { createNamespaceWithSocket, RouteSocket } from "./route-socket.ts";
import { dumpRoutes, newRoute } from "./route.ts";

const FILE = import.meta.path;
const RTM_GETLINK = 18;

inSandbox(FILE, "of 200 requests in one batch the failed one alone fails, with its place and the kernel's words", () => {
  using socket = createNamespaceWithSocket("a");
  socket.demand([setLink({ name: "lo", up: true })]);
  const requests = Array.from({ length: 200 }, (_, index) => newRoute({ destination: `10.0.${index}.0/24`, type: "blackhole" }));
  requests[100] = newRoute({ destination: "10.0.100.0/24", gateway: "10.9.9.9" });
  const errors = socket.transact(requests);
  expect(errors).toHaveLength(200);
  expect(errors.flatMap((error, index) => (error === undefined ? [] : [index]))).toEqual([100]);
  const error = errors[100];
  expect(error).toBeInstanceOf(KernelError);
  expect(error).toMatchObject({ operation: "add route 10.0.100.0/24", namespace: "a", code: "ENETUNREACH", extack: "Nexthop has invalid gateway" });
  expect(error?.message).toBe("Cannot add route 10.0.100.0/24 in namespace a: Network is unreachable (ENETUNREACH): Nexthop has invalid gateway");
  expect(dumpRoutes(socket, { family: 2, table: 254 })).toHaveLength(199);
});

inSandbox(FILE, "thousands of requests travel in several sends, and every error finds its request", () => {
  using socket = RouteSocket.open();
  const requests = Array.from({ length: 3000 }, (_, index) => newRoute({ destination: `10.${index >> 8}.${index & 255}.0/24`, type: "blackhole" }));
  expect(socket.transact(requests).every((error) => error === undefined)).toBe(true);
  // Now all fail at once: the answers of a whole send must fit into the socket's buffer.
  const codes = socket.transact(requests).map((error, index) => `${error?.code} ${error?.operation === requests[index]?.describe}`);
  expect(new Set(codes)).toEqual(new Set(["EEXIST true"]));
  // More than one receive buffer full.
  expect(dumpRoutes(socket, { family: 2, table: 254 })).toHaveLength(3000);
  expect(socket.transact([])).toEqual([]);
});

inSandbox(FILE, "a socket stays in its namespace, wherever the thread goes", () => {
  using there = createNamespaceWithSocket("a");
  using here = RouteSocket.open();
  createNamespace("b");
  inNamespace("b", () => there.demand([newBridge({ name: "br" })]));
  expect(dumpLinks(there).map(({ name }) => name)).toEqual(["lo", "br"]);
  expect(dumpLinks(here).map(({ name }) => name)).toEqual(["lo"]);
  expect(() => RouteSocket.open("gone")).toThrow("Cannot enter namespace gone: No such file or directory (ENOENT)");
});

inSandbox(FILE, "what is prepared in a new namespace is there before its name, and its failure takes the namespace along", () => {
  const socket = createNamespaceWithSocket("a", (inside) => {
    shell("! ip netns exec a true 2>/dev/null");
    inside.demand([setLink({ name: "lo", alias: "ours" })]);
  });
  socket.close();
  expect(ip("a", "link show dev lo")).toMatchObject([{ ifalias: "ours" }]);
  deleteNamespace("a");
  expect(() => createNamespaceWithSocket("b", (inside) => inside.demand([setLink({ name: "none", up: true })]))).toThrow("No such device");
  expect(listNamespaces()).toEqual([]);
});

inSandbox(FILE, "a list that changes while it is read is read again, whole", () => {
  using socket = RouteSocket.open();
  socket.demand(Array.from({ length: 60 }, (_, index) => newBridge({ name: `br${index}` })));
  expect(dumpLinks(socket)).toHaveLength(61);
  let changed = false;
  const names = socket.dump({ type: 18, flags: 0, describe: "list links", write: (into) => [1, 2, 3, 4].forEach(() => into.word(0)) }, (message) => {
    const name = message.attributes(16).string(3);
    // In another process: a request of ours would put its answer where this list is being read.
    if (!changed) shell("ip link del br30");
    changed = true;
    return name;
  });
  expect(names).toHaveLength(60);
});

inSandbox(FILE, "link names are data, whatever they hold", () => {
  using socket = RouteSocket.open();
  const names = ["$(reboot)", "';rm-rf", "-j", "..a", "a.b", "ü", "123456789012345"];
  socket.demand(names.map((name) => newBridge({ name })));
  expect(dumpLinks(socket).map(({ name }) => name).slice(1)).toEqual(names);
  expect(socket.transact([newBridge({ name: "1234567890123456" }), newBridge({ name: "a/b" }), newBridge({ name: "" })]).map((error) => error?.code)).toEqual([
    "ERANGE", "EINVAL", "EINVAL",
  ]);
});

inSandbox(FILE, "veth ends cannot take a name or number that is taken", () => {
  using socket = RouteSocket.open();
  const errors = socket.transact([
    newVeth({ name: "v", index: 10, peer: { name: "w" } }),
    newVeth({ name: "v", peer: { name: "x" } }),
    newVeth({ name: "x", index: 10, peer: { name: "y" } }),
    newVeth({ name: "x", peer: { name: "w" } }),
  ]);
  expect(errors.map((error) => error?.code)).toEqual([undefined, "EEXIST", "EEXIST", "EEXIST"]);
});

test("a message is laid out as the kernel reads it", () => {
  const builder = new MessageBuilder(256);
  const request = newNeighbour({ address: "10.0.1.4", mac: "02:76:0a:00:01:04", link: 2 });
  builder.begin(request.type);
  request.write(builder);
  builder.end(0x605, 7);
  expect(Buffer.from(builder.bytes.subarray(0, builder.length)).toString("hex", 0, 48)).toBe(
    ["30000000", "1c000506", "07000000", "00000000", "02000000", "02000000", "80000000", "08000100", "0a000104", "0a000200", "02760a00", "01040000"].join(""),
  );
  const bad = newAddress({ address: "10.0.1", prefixLength: 24, link: 1 });
  expect(() => bad.write(builder)).toThrow(TypeError);
});

inSandbox(FILE, "an answer that nobody read is passed over, and is not taken for the next", () => {
  RouteSocket.open().close();
  // The lowest number that is free is the next socket's.
  const fd = openSync("/dev/null", "r");
  closeSync(fd);
  using socket = RouteSocket.open();
  // A question about link 1 whose answer stays in the socket: what a conversation leaves behind that failed as it was about to read.
  const stale = new MessageBuilder(64);
  stale.begin(RTM_GETLINK);
  for (const word of [0, 1, 0, 0]) stale.word(word);
  stale.end(NLM_F_REQUEST, 0xdead);
  expect(socketCalls().send(fd, stale.bytes, stale.length, 0)).toBe(stale.length);
  socket.demand([newBridge({ name: "br" })]);
  expect(socketCalls().send(fd, stale.bytes, stale.length, 0)).toBe(stale.length);
  expect([getLink(socket, { name: "br" })?.name, getLink(socket, { index: 1 })?.name]).toEqual(["br", "lo"]);
});
