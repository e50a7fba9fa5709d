import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Published {
  readonly time: string;
  readonly machine: { readonly cpu: string; readonly cpus: number; readonly kernel: string; readonly runtime: string };
  readonly verdicts: readonly {
    readonly claim: string;
    readonly target: string;
    readonly spread: { readonly min: number; readonly median: number; readonly max: number };
    readonly unit: string;
    readonly ok: boolean;
  }[];
}

const published = join(import.meta.dir, "../../docs/bench/bench.json");

/** Ratios and plot of the published benchmark. */
export function generate(): string {
  if (!existsSync(published)) return "No results are published yet. `npm run bench -- --publish` measures on your machine and puts them here.";
  const { time, machine, verdicts } = JSON.parse(readFileSync(published, "utf8")) as Published;
  const rows = verdicts.map(({ claim, target, spread, unit, ok }) => {
    const [min, median, max] = [spread.min, spread.median, spread.max].map((value) => value.toPrecision(3));
    const met = target === "-" ? "" : ok ? "yes" : "**no**";
    return `| ${claim.trim()} | ${target} | ${median} ${unit} | ${min} to ${max} | ${met} |`;
  });
  return [
    `Measured ${time.slice(0, 10)} on ${machine.cpus} cores (${machine.cpu}), Linux ${machine.kernel}, ${machine.runtime}.`,
    "",
    "| what | target | median | spread | met |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    "![Times by number of subnets, and round trips](docs/bench/bench.svg)",
  ].join("\n");
}
