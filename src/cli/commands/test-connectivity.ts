// `test-connectivity`: what packets did, against what the model says they must do.
import type { ConnectivityReport, PairResult } from "../../engine/contract.ts";
import { parseIpv4 } from "../../model/cidr.ts";
import { exitStatus } from "../../model/errors.ts";
import { requireVpc } from "../../model/lookup.ts";
import type { Run } from "../command.ts";
import { counted } from "../count.ts";
import { parseSeconds } from "../numbers.ts";
import type { Output } from "../output.ts";
import { formatTable } from "../table.ts";

/** Up to here every pair has a line (132 of them); beyond, only what differs is worth reading. */
const fewSubnets = 12;

export const run: Run = async (invocation) => {
  const { output } = invocation;
  const internetTarget = parseIpv4(invocation.value("internet-target") ?? "8.8.8.8");
  const timeout = parseSeconds("--timeout", invocation.value("timeout") ?? "1");
  const engine = await invocation.engine();
  const world = engine.world();
  const vpc = requireVpc(world, invocation.argument("vpc"));
  const report = await engine.connectivity({ vpc: vpc.name, internetTarget, timeout });
  const { asExpected, milliseconds } = report;
  engine.record({ command: invocation.line, result: asExpected ? "done" : "failed", steps: 0, milliseconds });
  if (output.json) {
    output.printJson(report);
  } else {
    const layout = engine.layout(world, vpc.name);
    output.print(formatConnectivity(report, (subnet) => layout.subnets[subnet]?.address ?? subnet, output));
    if (report.subnets.length === 0) output.hint(`Add one: vpcctl add-subnet ${vpc.name} NAME CIDR`);
  }
  return asExpected ? exitStatus.done : exitStatus.failed;
};

/** The whole answer as text. `addressOf` gives a subnet's address. */
export function formatConnectivity(report: ConnectivityReport, addressOf: (subnet: string) => string, output: Output): string {
  if (report.subnets.length === 0) return `VPC ${report.vpc} has no subnets, so there is nothing to test.\n`;
  const few = report.subnets.length <= fewSubnets;
  const shown = (results: readonly PairResult[]) => (few ? results : results.filter(differs));
  const title = (text: string) => `${output.style("bold", text)}\n`;
  const pairs = shown(report.pairs).map((pair) => pairRow(pair, addressOf(pair.to), output));
  const internet = shown(report.internet).map((result) => internetRow(result, output));
  return [
    few && output.interactive && report.pairs.length > 0 ? `${title("Round trips in ms, from row to column")}${formatMatrix(report, output)}\n` : "",
    pairs.length > 0 ? title("Between subnets") + formatTable(pairs, "  ") + "\n" : "",
    internet.length > 0 ? title(`Internet (${report.internetTarget})`) + formatTable(internet, "  ") + "\n" : "",
    verdict(report, output),
  ].join("");
}

const differs = (result: PairResult) => result.expected !== result.reached || result.error !== undefined;

function pairRow(pair: PairResult, address: string, output: Output): string[] {
  const result = pair.reached ? "SUCCESS" : "FAILED";
  return [`${pair.from} -> ${pair.to} (${address})`, mark(pair, result, output), time(pair), deviation(pair)];
}

function internetRow(result: PairResult, output: Output): string[] {
  return [result.from, mark(result, result.reached ? "Has internet access" : "No internet access", output), time(result), deviation(result)];
}

const mark = (result: PairResult, text: string, output: Output) => output.style(differs(result) ? "red" : "green", text);
const time = ({ milliseconds }: PairResult) => (milliseconds === undefined ? "" : `${milliseconds.toFixed(2)} ms`);

function deviation(result: PairResult): string {
  if (!differs(result)) return "";
  if (result.error !== undefined) return `could not be tested: ${result.error}`;
  return `but it ${result.expected ? "should" : "should not"}: ${result.reason}`;
}

/** Columns are numbers, because names can be 63 characters long. */
function formatMatrix({ subnets, pairs }: ConnectivityReport, output: Output): string {
  const byPair = new Map(pairs.map((pair) => [`${pair.from} ${pair.to}`, pair]));
  const heading = ["", ...subnets.map((_, at) => String(at + 1))];
  const rows = subnets.map((from, at) => [
    `${at + 1} ${from}`,
    ...subnets.map((to) => {
      const pair = byPair.get(`${from} ${to}`);
      return pair === undefined ? "." : mark(pair, pair.reached ? (pair.milliseconds ?? 0).toFixed(2) : "-", output);
    }),
  ]);
  return formatTable([heading, ...rows], "  ");
}

function verdict(report: ConnectivityReport, output: Output): string {
  const results = [...report.pairs, ...report.internet];
  const wrong = results.filter(differs).length;
  const took = `${counted(report.subnets.length, "subnet")}, ${(report.milliseconds / 1000).toFixed(2)} s`;
  if (wrong === 0) return `${output.style("green", "All as it should be:")} ${counted(results.length, "result")} (${took}).\n`;
  const lines = [`${output.style("red", "Not as it should be:")} ${wrong} of ${counted(results.length, "result")} ${wrong === 1 ? "differs" : "differ"} (${took}).`];
  if (report.hostReaches === false) {
    lines.push(
      `The host itself cannot reach ${report.internetTarget}, so no subnet can. See for yourself: ping -c 1 ${report.internetTarget}`,
      "If this machine has no internet, try another address with --internet-target, or try it all in a `vpcctl sandbox`.",
    );
  } else {
    lines.push("The commands that built it, run again, put right what has drifted. To look for another cause: vpcctl doctor");
  }
  return `${lines.join("\n")}\n`;
}
