// Random rules of every kind that speaks of packets. They are made of few ports and few blocks, so that they meet what the tests send.
import type { Cidr } from "../../../src/model/cidr-any.ts";
import { parseCidr } from "../../../src/model/cidr-any.ts";
import type { AclEntry, NetworkAcl } from "../../../src/model/network-acl.ts";
import type { PolicyRule, RulePeer, SecurityGroup, SecurityRule, SubnetPolicy, Traffic } from "../../../src/model/security-group.ts";
import type { Random } from "./random.ts";

/** What rules of a VPC may name. */
export interface Vocabulary {
  readonly blocks: readonly Cidr[];
  readonly groups: readonly string[];
  /** Groups of peered VPCs. */
  readonly foreign: readonly { readonly vpc: string; readonly group: string }[];
  readonly prefixLists: readonly string[];
}

const everywhere = parseCidr("0.0.0.0/0");
const everywhere6 = parseCidr("::/0");

// The first four judge questions, the rest questions and answers: an answer goes to a port above 1023.
const ports = [[80, 80], [54, 54], [50, 100], [443, 443], [1024, 65535], [0, 65535], [0, 1023]] as const;

function traffic(random: Random): Traffic {
  const protocol = random.pick(["tcp", "tcp", "udp", "udp", "icmp", "icmp", "icmpv6", "all", "all"] as const);
  if (protocol === "all" || random.chance(0.3)) return { protocol };
  if (protocol === "icmp") return { protocol, icmp: random.pick([{ type: 8 }, { type: 8, code: 0 }, { type: 0 }, { type: 3 }]) };
  if (protocol === "icmpv6") return { protocol, icmp: random.pick([{ type: 128 }, { type: 128, code: 0 }, { type: 129 }]) };
  const [from, to] = random.pick(ports);
  return { protocol, ports: { from, to } };
}

function peer(random: Random, words: Vocabulary): RulePeer {
  const kind = random.below(10);
  if (kind < 4) return { kind: "group", group: random.pick(words.groups) };
  const foreign = kind === 4 && words.foreign.length > 0 ? random.pick(words.foreign) : undefined;
  if (foreign !== undefined) return { kind: "group", ...foreign };
  if (kind === 5 && words.prefixLists.length > 0) return { kind: "prefix-list", name: random.pick(words.prefixLists) };
  return { kind: "cidr", cidr: random.chance(0.25) ? random.pick([everywhere, everywhere6]) : random.pick(words.blocks) };
}

const securityRule = (random: Random, words: Vocabulary): SecurityRule => ({ ...traffic(random), peer: peer(random, words) });

const open: readonly SecurityRule[] = [everywhere, everywhere6].map((cidr) => ({ protocol: "all", peer: { kind: "cidr", cidr } }));

const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

/** Two rules alike are one. */
function unlike<T extends object>(rules: readonly T[]): T[] {
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}

export function securityGroup(random: Random, name: string, words: Vocabulary): SecurityGroup {
  const rules = (wide: number) => (random.chance(wide) ? open : unlike(times(random.below(5), () => securityRule(random, words))));
  return { name, ingress: rules(0.45), egress: rules(0.75) };
}

const allowAll = { action: "allow", protocol: "all" } as const;

export function networkAcl(random: Random, name: string, words: Vocabulary): NetworkAcl {
  const entry = (number: number): AclEntry => ({
    number,
    action: random.pick(["allow", "deny"]),
    ...traffic(random),
    cidr: random.chance(0.4) ? random.pick([everywhere, everywhere6]) : random.pick(words.blocks),
  });
  const entries = (): AclEntry[] => {
    const some = times(random.below(5), (at) => entry(10 + 10 * at));
    return random.chance(0.75) ? [...some, { number: 100, ...allowAll, cidr: everywhere }, { number: 101, ...allowAll, cidr: everywhere6 }] : some;
  };
  return { name, ingress: entries(), egress: entries() };
}

export function subnetPolicy(random: Random, words: Vocabulary): SubnetPolicy {
  const rules = (): PolicyRule[] =>
    times(1 + random.below(4), () => ({ ...traffic(random), action: random.chance(0.7) ? "allow" : "deny", ...(random.chance(0.5) ? {} : { cidr: random.pick(words.blocks) }) }));
  return { ingress: rules(), ...(random.chance(0.4) ? { egress: rules() } : {}) };
}
