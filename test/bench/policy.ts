// What rules and translation cost a packet: the ways that are measured.
import type { Options } from "./options.ts";
import type { Sample } from "./samples.ts";
import { inSandbox } from "./sandbox.ts";

/** Rules on the way, in the groups of sender and receiver together. As many groups and look-ups in both; the last rule is the one that fits. */
export const ruleCounts = [10, 10_000] as const;

export const policyPaths = [
  ...ruleCounts.map((rules) => ({ name: `rules-${rules}`, label: `${rules} rules` })),
  { name: "out", label: "out by the internet gateway: groups and translation" },
  { name: "out-open", label: "the same without the router's tables" },
  { name: "out-plain", label: "the same without any table or conntrack, the host's neither" },
] as const;

export function measurePolicy({ rounds }: Options, say: (line: string) => void): Sample[] {
  say("data plane: 10 and 10,000 rules, new connections");
  return inSandbox("__policy", String(rounds)) as Sample[];
}
