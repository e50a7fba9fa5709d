// What must hold, as data: the claim, how it is measured, the limit.
import { connectivitySize } from "./control-plane.ts";
import { ratios, type Sample, select, type Selection } from "./samples.ts";
import { significant } from "./table.ts";
import { type Spread, spread } from "./statistics.ts";

export interface Goal {
  readonly claim: string;
  /** One value per round. */
  readonly values: readonly number[];
  readonly unit: "x" | "s";
  readonly limit: Limit;
}

/** `none`: shown for what it is worth. */
export type Limit = { readonly atMost: number } | { readonly atLeast: number } | { readonly below: number } | "none";

const by = (contender: string, action: string, size: number): Selection => ({ contender, action, size });

/** The promises of the project, for the sizes that were measured. */
export function goals(samples: readonly Sample[], sizes: readonly number[]): Goal[] {
  const small = sizes.at(0) ?? 0;
  const large = sizes.at(-1) ?? 0;
  const tool = (action: string, size = large) => by("tool", action, size);
  const limit = (action: string) => by("c", action, large);
  const path = (contender: string, action: string): Selection => ({ contender, action });
  const ratio = (claim: string, over: Selection, under: Selection, bound: Limit): Goal => ({ claim, values: ratios(samples, over, under), unit: "x", limit: bound });
  const beyondStart = (claim: string, contender: string, action: string, bound: Limit): Goal => {
    const starts = select(samples, by(contender, `${action}-empty`, large));
    const values = select(samples, by(contender, action, large)).map(({ value, round }) => (value - (starts.find((start) => start.round === round)?.value ?? NaN)) / 1000);
    return { claim, values, unit: "s", limit: bound };
  };
  const engineAlone = (action: string): Goal => ({
    claim: "  the same, engine alone",
    values: select(samples, by("engine", action, large)).map(({ value }) => value / 1000),
    unit: "s",
    limit: "none",
  });
  const singleChange = (claim: string, action: string): Goal[] => [
    beyondStart(`${claim}, with a standby process, beyond process start`, "standby", action, { below: 0.01 }),
    beyondStart("  the same without one, beyond process start", "tool", action, "none"),
    engineAlone(action),
  ];
  return [
    ratio(`build ${large} subnets: vpcctl / C`, tool("create"), limit("create"), { atMost: 1.3 }),
    ratio(`build ${large} subnets: shell / vpcctl`, by("shell", "create", large), tool("create"), { atLeast: 15 }),
    ratio(`one more subnet: at ${large} / at ${small}`, tool("add-one"), tool("add-one", small), { atMost: 1.5 }),
    ratio(`batch that changes nothing / build, ${large} subnets`, tool("no-op"), tool("create"), { below: 0.5 }),
    ratio(`cleanup of ${large}, until the kernel is done: vpcctl / C`, tool("cleanup-settled"), limit("cleanup-settled"), { atMost: 1.3 }),
    // Without a target: taking the names away is a matter of microseconds, and when C returns the kernel has hardly begun to delete.
    ratio(`  the same, until the command returns`, tool("cleanup"), limit("cleanup"), "none"),
    ...[...new Set([small, large])].map((size) => ratio(`list, ${size} subnets / empty program`, tool("list", size), tool("empty-program", size), { atMost: 3 })),
    {
      claim: `test-connectivity, ${connectivitySize} subnets`,
      values: select(samples, { action: "connectivity" }).map(({ value }) => value / 1000),
      unit: "s",
      limit: { below: 3 },
    },
    ratio(`build ${large} instances in one VPC: vpcctl / C`, tool("instances-create"), limit("instances-create"), { atMost: 1.3 }),
    ratio(`build ${large} VPCs: vpcctl / C`, tool("vpcs-create"), limit("vpcs-create"), { atMost: 1.3 }),
    ...singleChange(`a rule more, ${large} instances`, "instances-add-rule"),
    ...singleChange(`a member more, ${large} instances`, "instances-add-member"),
    ratio("throughput: with policy / without", path("policy", "throughput"), path("open", "throughput"), { atLeast: 0.9 }),
    ratio("round trip, ICMP: with policy / direct veth", path("policy", "icmp"), path("direct", "icmp"), { atMost: 2 }),
    ratio("round trip, TCP: with policy / direct veth", path("policy", "tcp"), path("direct", "tcp"), { atMost: 2 }),
    ratio("throughput: 10,000 rules / 10", path("rules-10000", "throughput"), path("rules-10", "throughput"), { atLeast: 0.95 }),
    ratio("round trip, TCP: 10,000 rules / 10", path("rules-10000", "tcp"), path("rules-10", "tcp"), { atMost: 1.05 }),
    ratio("new connections a second: 10,000 rules / 10", path("rules-10000", "connections"), path("rules-10", "connections"), { atLeast: 0.95 }),
    ratio("new connections a second to the internet: groups and translation / without", path("out", "connections"), path("out-open", "connections"), { atLeast: 0.8 }),
    ratio("  the same / nothing tracked anywhere, nor masqueraded by the host", path("out", "connections"), path("out-plain", "connections"), "none"),
  ];
}

export interface Verdict {
  readonly claim: string;
  readonly target: string;
  readonly spread: Spread;
  readonly unit: string;
  /** Absent where there is no target. */
  readonly ok?: boolean;
}

/** The median decides. Throws when a goal was not measured: a missing value is not a pass. */
export function judge({ claim, values, unit, limit }: Goal): Verdict {
  if (values.length === 0) throw new Error(`not measured: ${claim}`);
  const found = spread(values);
  if (limit === "none") return { claim, target: "-", spread: found, unit };
  if ("atMost" in limit) return { claim, target: `<= ${limit.atMost} ${unit}`, spread: found, unit, ok: found.median <= limit.atMost };
  if ("atLeast" in limit) return { claim, target: `>= ${limit.atLeast} ${unit}`, spread: found, unit, ok: found.median >= limit.atLeast };
  return { claim, target: `< ${limit.below} ${unit}`, spread: found, unit, ok: found.median < limit.below };
}

export function verdictRow({ claim, target, spread: { min, median, max }, unit, ok }: Verdict): string[] {
  const number = (value: number) => `${significant(value)} ${unit}`;
  const word = ok === undefined ? "" : ok ? "ok" : "MISSED";
  return [claim, target, number(min), number(median), number(max), word];
}
