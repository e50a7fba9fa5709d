import { expect, test } from "bun:test";
import type { Problem } from "../model/errors.ts";
import { parseTraffic, type TrafficWords } from "./parse-traffic.ts";

function parsed(words: TrafficWords) {
  const problems: Problem[] = [];
  const traffic = parseTraffic(words, problems);
  return problems.length === 0 ? traffic : problems.map(({ message }) => message);
}

test.each([
  [{ protocol: "all" }, { protocol: "all" }],
  [{ protocol: "tcp", port: "80" }, { protocol: "tcp", ports: { from: 80, to: 80 } }],
  [{ protocol: "udp", port: "0-65534" }, { protocol: "udp", ports: { from: 0, to: 65_534 } }],
  [{ protocol: "tcp", port: "0-65535" }, { protocol: "tcp" }],
  [{ protocol: "icmp", icmpType: "8" }, { protocol: "icmp", icmp: { type: 8 } }],
  [{ protocol: "icmpv6", icmpType: "1/4" }, { protocol: "icmpv6", icmp: { type: 1, code: 4 } }],
] as const)("%j is %j", (words, traffic) => {
  expect(parsed(words)).toEqual(traffic as never);
});

test.each([
  [{}, ["It does not say which protocol."]],
  [{ port: "80" }, ["It does not say which protocol."]],
  [{ protocol: "sctp", icmpType: "8" }, [`"sctp" is not a protocol.`]],
  [{ protocol: "constructor" }, [`"constructor" is not a protocol.`]],
  [{ protocol: "tcp", port: "65536" }, [`"65536" is not a port or a range of ports.`]],
  [{ protocol: "tcp", port: "80-" }, [`"80-" is not a port or a range of ports.`]],
  [{ protocol: "tcp", port: "90-80" }, ["The range of ports 90-80 ends before it starts."]],
  [{ protocol: "all", port: "80" }, ["all has no ports."]],
  [{ protocol: "tcp", icmpType: "8" }, ["tcp has no ICMP types."]],
  [{ protocol: "icmp", icmpType: "256" }, [`"256" is not an ICMP type.`]],
  [{ protocol: "icmp", icmpType: "3/300", port: "x" }, [`"x" is not a port or a range of ports.`, `"3/300" is not an ICMP type.`, "icmp has no ports."]],
] as const)("%j is told as %j", (words, messages) => {
  expect(parsed(words)).toEqual(messages as never);
});
