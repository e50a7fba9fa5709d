import { familyOf } from "./address-text.ts";
import type { Message } from "./receive-buffer.ts";
import { NLM_F_CREATE, NLM_F_EXCL, type Request } from "./request.ts";
import { optional } from "./optional.ts";
import { splitPrefix } from "./route.ts";
import type { RouteSocket } from "./route-socket.ts";

/** Which routing table a packet is looked up in. The kernel asks rules in order of priority until one's table has a route. */
export interface Rule {
  /** 2 for IPv4 (also when absent and no address tells), 10 for IPv6. */
  readonly family?: number;
  readonly priority: number;
  /** Absent for rules that do not look up a table. */
  readonly table?: number;
  /** `lookup`, or the end of the search: silence, or an ICMP error. */
  readonly action?: RuleAction;
  /** Packet mark to match, under `mask` (all bits when absent). */
  readonly mark?: number;
  readonly mask?: number;
  readonly from?: string;
  readonly to?: string;
  readonly incomingLink?: string;
  readonly outgoingLink?: string;
  /** Ignore routes with a prefix of this length or shorter: 0 ignores default routes. */
  readonly suppressPrefixLength?: number;
  /** Who made it. */
  readonly protocol?: number;
}

export type RuleAction = "lookup" | "blackhole" | "unreachable" | "prohibit";

const ACTIONS: Readonly<Record<RuleAction, number>> = { lookup: 1, blackhole: 6, unreachable: 7, prohibit: 8 };

const RTM_NEWRULE = 32;
const RTM_DELRULE = 33;
const RTM_GETRULE = 34;
const FRA_DST = 1;
const FRA_SRC = 2;
const FRA_IIFNAME = 3;
const FRA_PRIORITY = 6;
const FRA_FWMARK = 10;
const FRA_SUPPRESS_PREFIXLEN = 14;
const FRA_TABLE = 15;
const FRA_FWMASK = 16;
const FRA_OIFNAME = 17;
const FRA_PROTOCOL = 21;
const ALL_BITS = 0xffffffff;

/** Fails with EEXIST when the same rule is there. */
export function newRule(rule: Rule): Request {
  return request(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, "add", rule);
}

/** Deletes the first rule that has every given property. */
export function deleteRule(rule: Rule): Request {
  return request(RTM_DELRULE, 0, "delete", rule);
}

function request(type: number, flags: number, verb: string, rule: Rule): Request {
  return {
    type,
    flags,
    describe: `${verb} rule with priority ${rule.priority}`,
    write(into) {
      const [to, toLength] = rule.to === undefined ? ["", 0] : splitPrefix(rule.to);
      const [from, fromLength] = rule.from === undefined ? ["", 0] : splitPrefix(rule.from);
      const table = rule.table ?? 0;
      // struct fib_rule_hdr: family, prefix lengths, type of service, table, reserved, action, flags.
      into.byte(rule.family ?? (to + from === "" ? 2 : familyOf(to + from)));
      into.byte(toLength);
      into.byte(fromLength);
      into.byte(0);
      into.byte(table > 255 ? 0 : table);
      into.short(0);
      into.byte(ACTIONS[rule.action ?? "lookup"]);
      into.word(0);
      into.u32(FRA_PRIORITY, rule.priority);
      if (table !== 0) into.u32(FRA_TABLE, table);
      if (toLength > 0) into.address(FRA_DST, to);
      if (fromLength > 0) into.address(FRA_SRC, from);
      if (rule.mark !== undefined) into.u32(FRA_FWMARK, rule.mark);
      if (rule.mask !== undefined) into.u32(FRA_FWMASK, rule.mask);
      if (rule.incomingLink !== undefined) into.string(FRA_IIFNAME, rule.incomingLink);
      if (rule.outgoingLink !== undefined) into.string(FRA_OIFNAME, rule.outgoingLink);
      if (rule.suppressPrefixLength !== undefined) into.u32(FRA_SUPPRESS_PREFIXLEN, rule.suppressPrefixLength);
      if (rule.protocol !== undefined) into.u8(FRA_PROTOCOL, rule.protocol);
    },
  };
}

/** Every rule of a family (IPv4 when not said), in order of priority, the kernel's own three included. */
export function dumpRules(socket: RouteSocket, family = 2): Rule[] {
  const list: Request = {
    type: RTM_GETRULE,
    flags: 0,
    describe: "list rules",
    write(into) {
      into.byte(family);
      for (let index = 1; index < 12; index++) into.byte(0);
    },
  };
  return socket.dump(list, parseRule);
}

function parseRule(message: Message): Rule | undefined {
  const { type, view, start } = message;
  if (type !== RTM_NEWRULE) return undefined;
  const all = message.attributes(12);
  const number = view.getUint8(start + 7);
  const action = (Object.keys(ACTIONS) as RuleAction[]).find((name) => ACTIONS[name] === number);
  // Other rules (goto, nop) cannot be said in these words and are never ours.
  if (action === undefined) return undefined;
  const to = all.address(FRA_DST);
  const from = all.address(FRA_SRC);
  const mask = all.u32(FRA_FWMASK);
  const suppress = all.u32(FRA_SUPPRESS_PREFIXLEN);
  return {
    family: view.getUint8(start),
    priority: all.u32(FRA_PRIORITY) ?? 0,
    action,
    ...optional("table", action === "lookup" ? (all.u32(FRA_TABLE) ?? view.getUint8(start + 4)) : undefined),
    ...optional("mark", all.u32(FRA_FWMARK)),
    ...optional("mask", mask === ALL_BITS ? undefined : mask),
    ...optional("from", from === undefined ? undefined : `${from}/${view.getUint8(start + 2)}`),
    ...optional("to", to === undefined ? undefined : `${to}/${view.getUint8(start + 1)}`),
    ...optional("incomingLink", all.string(FRA_IIFNAME)),
    ...optional("outgoingLink", all.string(FRA_OIFNAME)),
    // The kernel says -1 for "none".
    ...optional("suppressPrefixLength", suppress === ALL_BITS ? undefined : suppress),
    ...optional("protocol", all.u8(FRA_PROTOCOL)),
  };
}
