import { expect } from "bun:test";
import { inSandbox, shell } from "../in-sandbox.ts";
import { deleteFlow, dumpFlows, hasFlows } from "./conntrack.ts";
import { NETLINK_NETFILTER } from "./nfnetlink.ts";
import { RouteSocket } from "./route-socket.ts";

inSandbox(import.meta.path, "a flow is remembered, found by who asks for all, and forgotten when it is told to be", () => {
  shell("ip link set lo up; nft 'add table ip t; add chain ip t c { type filter hook output priority 0; }; add rule ip t c ct state new accept'");
  using socket = RouteSocket.open("", NETLINK_NETFILTER);
  expect([hasFlows(socket), dumpFlows(socket)]).toEqual([false, []]);
  shell("ping -c 1 -W 1 127.0.0.2");
  const flows = dumpFlows(socket);
  expect(flows).toMatchObject([{ family: "ipv4", source: "127.0.0.1", destination: "127.0.0.2", protocol: 1, answers: { source: "127.0.0.2", destination: "127.0.0.1" } }]);
  expect(hasFlows(socket)).toBe(true);
  expect(socket.transact(flows.map(deleteFlow))).toEqual([undefined]);
  expect([hasFlows(socket), dumpFlows(socket)]).toEqual([false, []]);
});
