import { expect } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { caught, inSandbox, shell } from "./in-sandbox.ts";
import { nftJson, nftRun, nftText, requireNftables } from "./libnftables.ts";
import { createNamespace, deleteNamespace } from "./namespaces.ts";
import { RouteSocket } from "./netlink/route-socket.ts";

const FILE = import.meta.path;
const RULES = `
table ip vpcctl {
  set members { type ipv4_addr; elements = { 10.0.1.4, 10.0.2.4 } }
  chain forward { type filter hook forward priority 0; policy drop; ip saddr @members accept; }
}`;

inSandbox(FILE, "rules land in the namespace they are meant for, as the nft command sees them", () => {
  createNamespace("a");
  nftRun("a", RULES);
  expect(nftJson("a", "list ruleset")).toEqual(JSON.parse(shell("ip netns exec a nft -j -a list ruleset")));
  expect(nftText("a", "list ruleset")).toBe(shell("ip netns exec a nft list ruleset"));
  expect(shell("nft list ruleset")).toBe("");
  expect(nftText("", "list ruleset")).toBe("");
});

inSandbox(FILE, "a call is one transaction: one bad line, and nothing happens", () => {
  const error = caught(() => nftRun("", "add table ip good\nadd rule ip absent c accept"));
  expect(error).toMatchObject({ operation: "change nftables", namespace: "", code: "ENOENT" });
  expect(error.extack).toStartWith("Error: Could not process rule: No such file or directory");
  expect(nftText("", "list tables")).toBe("");
});

inSandbox(FILE, "errors of the kernel and of the language keep nft's own words", () => {
  createNamespace("a");
  nftRun("a", "create table ip twice");
  expect(caught(() => nftRun("a", "create table ip twice"))).toMatchObject({ code: "EEXIST", namespace: "a" });
  const error = caught(() => nftRun("a", "ad table ip x"));
  expect(error).toMatchObject({ errno: 0, code: "EUNKNOWN" });
  expect(error.message).toStartWith("Cannot change nftables in namespace a: Error: syntax error");
});

inSandbox(FILE, "an error quotes the line it is in, but not all of a long one", () => {
  const addresses = Array.from({ length: 500 }, (_, index) => `10.0.${index}.4`);
  const { message } = caught(() => nftRun("", `add element ip absent s { ${addresses.join(", ")} }`));
  expect(message).toContain("add element ip absent s { 10.0.0.4, ");
  expect(message.length).toBeLessThan(800);
});

inSandbox(FILE, "a ruleset of thousands of elements passes both ways", () => {
  const addresses = Array.from({ length: 5000 }, (_, index) => `10.${index >> 8}.${index & 255}.4`);
  nftRun("", `table ip vpcctl { set s { type ipv4_addr; elements = { ${addresses.join(", ")} }; }\n}`);
  const { nftables } = nftJson("", "list set ip vpcctl s") as { nftables: [unknown, { set: { elem: string[] } }] };
  expect(new Set(nftables[1].set.elem)).toEqual(new Set(addresses));
});

/** Does so in a process of its own, at whose end only the kernel can have something left of it: a runtime's thread stays where it is born. */
function nftRunApart(namespace: string, commands: string, starter: readonly string[] = []): void {
  const program = `import { nftRun } from "./libnftables.ts"; nftRun(${JSON.stringify(namespace)}, ${JSON.stringify(commands)});`;
  const { exitCode, stderr } = Bun.spawnSync([...starter, process.execPath, "-e", program], { cwd: import.meta.dir, stderr: "pipe" });
  if (exitCode !== 0) throw new Error(stderr.toString());
}

/** Was the library's socket on its way to somebody else when the library closed it? */
function isCloseLeftToKernel(commands: string): boolean {
  nftRunApart("", commands, ["strace", "-o", "/run/calls", "-e", "trace=socket,sendmsg,close"]);
  const life = /NETLINK_NETFILTER\) = (?<fd>\d+)\n(?<calls>[^]*?)\nclose\(\k<fd>\)/.exec(readFileSync("/run/calls", "utf8"))?.groups;
  if (life === undefined) throw new Error("the library closes no socket that it opened");
  return life["calls"]?.includes(`cmsg_type=SCM_RIGHTS, cmsg_data=[${life["fd"]}, `) ?? false;
}

inSandbox(FILE, "after a deletion the close of the library's socket waits for nothing; after an addition there is nothing to wait for", () => {
  nftRun("", RULES);
  expect(isCloseLeftToKernel("delete element ip vpcctl members { 10.0.1.4 }")).toBe(true);
  expect(isCloseLeftToKernel("add element ip vpcctl members { 10.0.1.5 }\nflush chain ip vpcctl forward")).toBe(true);
  expect(isCloseLeftToKernel("add element ip vpcctl members { 10.0.1.4 }")).toBe(false);
  expect(nftText("", "list chain ip vpcctl forward")).not.toContain("saddr");
});

const AGAIN = "delete element ip vpcctl members { 10.0.1.4 }\nadd element ip vpcctl members { 10.0.1.4 }";

inSandbox(FILE, "a namespace goes with its name, although something was taken away in it a moment ago", async () => {
  for (const name of ["gone", "held"]) {
    createNamespace(name);
    shell(`ip link add to-${name} type veth peer name out netns ${name}`);
    for (const commands of [RULES, AGAIN]) nftRunApart(name, commands);
  }
  // Held by a socket, as the other would be by one that nobody closes.
  using _ = RouteSocket.open("held");
  for (const name of ["held", "gone"]) deleteNamespace(name);
  // A namespace takes its end of a wire along, and so the wire.
  const isThere = (name: string): boolean => shell("ip -br link").includes(`to-${name}@`);
  while (isThere("gone")) await Bun.sleep(1);
  expect(isThere("held")).toBe(true);
});

inSandbox(FILE, "no number of transactions leaves a descriptor behind", () => {
  nftRun("", RULES);
  const before = readdirSync("/proc/self/fd").length;
  for (let n = 0; n < 100; n++) nftRun("", AGAIN);
  expect(readdirSync("/proc/self/fd").length).toBeLessThanOrEqual(before);
});

inSandbox(FILE, "a machine without the library is told what to install", () => {
  shell(`mount --bind /dev/null "$(/sbin/ldconfig -p | sed -n 's/.*libnftables.so.1 .*=> //p' | head -n 1)"`);
  expect(caught(requireNftables).message).toBe("Cannot load libnftables.so.1: Can not access a needed shared library (ELIBACC): it is part of nftables: apt install nftables");
});
