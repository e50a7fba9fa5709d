import { expect, test } from "bun:test";
import { findForwardChains } from "./forward-chains.ts";

const chain = (family: string, table: string, name: string, more: object = {}) => ({ chain: { family, table, name, handle: 1, ...more } });
const forward = (policy: string) => ({ type: "filter", hook: "forward", prio: 0, policy });
const rule = (family: string, table: string, name: string, expr: readonly Readonly<Record<string, unknown>>[]) => ({ rule: { family, table, chain: name, handle: 2, expr } });

test("Docker's FORWARD chain drops by policy and is known by its neighbours", () => {
  const ruleset = { nftables: [chain("ip", "filter", "FORWARD", forward("drop")), chain("ip", "filter", "DOCKER-USER")] };
  expect(findForwardChains(ruleset.nftables)).toEqual([{ family: "ip", table: "filter", name: "FORWARD", closes: true, owner: "Docker" }]);
});

test("firewalld's chain accepts by policy and rejects in its last rule", () => {
  const reject = { reject: { type: "icmpx", expr: "admin-prohibited" } };
  const ruleset = {
    nftables: [
      chain("inet", "firewalld", "filter_FORWARD", forward("accept")),
      rule("inet", "firewalld", "filter_FORWARD", [{ match: { op: "in", left: { ct: { key: "state" } }, right: "established" } }, { accept: null }]),
      rule("inet", "firewalld", "filter_FORWARD", [reject]),
    ],
  };
  expect(findForwardChains(ruleset.nftables)).toEqual([{ family: "inet", table: "firewalld", name: "filter_FORWARD", closes: true, owner: "firewalld" }]);
});

test("a last rule that drops only some packets leaves the chain open", () => {
  const ruleset = {
    nftables: [
      chain("inet", "mine", "fwd", forward("accept")),
      rule("inet", "mine", "fwd", [{ match: { op: "==", left: { meta: { key: "iifname" } }, right: "eth9" } }, { drop: null }]),
    ],
  };
  expect(findForwardChains(ruleset.nftables)).toEqual([{ family: "inet", table: "mine", name: "fwd", closes: false, owner: "table mine" }]);
});

test("a chain for IPv6 alone has a say too", () => {
  expect(findForwardChains([chain("ip6", "filter", "FORWARD", forward("drop"))])).toMatchObject([{ family: "ip6", closes: true }]);
});

test("chains elsewhere have no say", () => {
  const frames = chain("bridge", "filter", "FORWARD", forward("drop"));
  const ruleset = { nftables: [frames, chain("ip", "filter", "INPUT", { hook: "input", policy: "drop" }), chain("ip", "filter", "x")] };
  expect(findForwardChains(ruleset.nftables)).toEqual([]);
});
