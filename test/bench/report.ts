import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { join } from "node:path";
import { contenders } from "./contenders.ts";
import { paths } from "./data-plane.ts";
import { goals, judge, verdictRow } from "./goals.ts";
import type { Options } from "./options.ts";
import { type Bars, drawPlot, type Panel } from "./plot.ts";
import { repository } from "./programs.ts";
import { type Sample, select } from "./samples.ts";
import { median } from "./statistics.ts";
import { formatTable, significant } from "./table.ts";

const actions: readonly { readonly name: string; readonly label: string }[] = [
  { name: "create", label: "create" },
  { name: "no-op", label: "the same again" },
  { name: "add-one", label: "one more subnet" },
  { name: "describe", label: "describe" },
  { name: "cleanup", label: "cleanup, returns" },
  { name: "cleanup-settled", label: "cleanup, kernel done" },
];

/** Prints the times, and then what they mean. */
export function printReport(samples: readonly Sample[], sizes: readonly number[]): void {
  console.log(`\nMilliseconds (median)\n\n${timesTable(samples, sizes)}`);
  console.log(`\nData plane (median)\n\n${pathsTable(samples)}`);
  const verdicts = goals(samples, sizes).map(judge);
  console.log(`\nRatios, taken round by round\n\n${formatTable(["", "target", "min", "median", "max", ""], verdicts.map(verdictRow))}`);
}

function timesTable(samples: readonly Sample[], sizes: readonly number[]): string {
  const rows = actions.flatMap(({ name, label }) =>
    sizes.map((size) => [`${label}, ${size}`, ...contenders.map((contender) => medianOf(select(samples, { contender: contender.name, action: name, size })))]),
  );
  return formatTable(["", ...contenders.map(({ label }) => label)], rows);
}

function pathsTable(samples: readonly Sample[]): string {
  const row = (label: string, action: string, scale: number) => [label, ...paths.map(({ name }) => medianOf(select(samples, { contender: name, action }), scale))];
  const rows = [row("round trip ICMP, us", "icmp", 1), row("round trip TCP, us", "tcp", 1), row("throughput, Gbit/s", "throughput", 1e-9)];
  return formatTable(["", ...paths.map(({ label }) => label)], rows);
}

const medianOf = (samples: readonly Sample[], scale = 1): string => (samples.length === 0 ? "-" : significant(median(samples.map(({ value }) => value)) * scale));

const results = join(repository, "bench-results");

/** Writes bench-results/bench.json and bench.svg; with --publish copies both to docs/bench. */
export function writeResults(samples: readonly Sample[], options: Options, say: (line: string) => void): void {
  const { sizes, rounds } = options;
  const verdicts = goals(samples, sizes).map(judge);
  const machine = { cpu: cpus()[0]?.model ?? "unknown", cpus: cpus().length, kernel: release(), runtime: `bun ${Bun.version}` };
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, "bench.json"), `${JSON.stringify({ schemaVersion: 1, time: new Date().toISOString(), machine, sizes, rounds, verdicts, samples }, undefined, 1)}\n`);
  writeFileSync(join(results, "bench.svg"), picture(samples, sizes));
  say(`\nWritten: bench-results/bench.json, bench-results/bench.svg`);
  if (!options.publish) return;
  mkdirSync(join(repository, "docs/bench"), { recursive: true });
  for (const file of ["bench.json", "bench.svg"]) copyFileSync(join(results, file), join(repository, "docs/bench", file));
  say("Published: docs/bench/bench.json, docs/bench/bench.svg. To show them in the README: npm run docs");
}


function picture(samples: readonly Sample[], sizes: readonly number[]): string {
  const panels = ["create", "add-one", "cleanup-settled"].map((action) => panel(samples, sizes, action));
  const bars: Bars = {
    title: "Round trip, 1 byte TCP between two processes",
    unit: "us",
    bars: paths.map(({ name, label }) => ({ label, value: median(select(samples, { contender: name, action: "tcp" }).map(({ value }) => value)) })),
  };
  return drawPlot("vpcctl against the kernel's own limit and the usual way", panels, [bars]);
}

function panel(samples: readonly Sample[], sizes: readonly number[], action: string): Panel {
  const series = contenders.map(({ name, label }) => ({
    label,
    points: sizes.flatMap((size) => {
      const values = select(samples, { contender: name, action, size }).map(({ value }) => value);
      return values.length === 0 ? [] : [{ x: size, y: median(values) }];
    }),
  }));
  return { title: actions.find(({ name }) => name === action)?.label ?? action, unit: "ms", series };
}
