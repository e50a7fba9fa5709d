// `test-connectivity`: what packets did, against what the model says they must do.
import type { ConnectivityReport, PairResult } from "../../engine/contract.ts";
import type { Ip } from "../../model/cidr-any.ts";
import { isIpv6, parseIpv6 } from "../../model/cidr6.ts";
import { parseIpv4 } from "../../model/cidr.ts";
import type { PortOf } from "../../drivers/driver.ts";
import { exitStatus, VpcctlError } from "../../model/errors.ts";
import { requireVpc } from "../../model/lookup.ts";
import type { Run } from "../command.ts";
import type { Invocation } from "../invocation.ts";
import { counted } from "../count.ts";
import { parsePort, parseSeconds } from "../numbers.ts";
import type { Output } from "../output.ts";
import { formatTable } from "../table.ts";

/** Up to here every pair has a line (132 of them); beyond, only what differs is worth reading. */
const fewAttachments = 12;

export const run: Run = async (invocation) => {
  const { output } = invocation;
  const internetTarget = parseTarget(invocation.value("internet-target") ?? "8.8.8.8");
  const timeout = parseSeconds("--timeout", invocation.value("timeout") ?? "1");
  const engine = await invocation.engine();
  const world = engine.world();
  const vpc = requireVpc(world, invocation.argument("vpc"));
  const port = portOf(invocation);
  const report = await engine.connectivity({ vpc: vpc.name, internetTarget, timeout, ...(port === undefined ? {} : { port }) });
  const { asExpected, milliseconds } = report;
  engine.record({ command: invocation.line, result: asExpected ? "done" : "failed", steps: 0, milliseconds });
  if (output.json) {
    output.printJson(report);
  } else {
    output.print(formatConnectivity(report, output));
    if (report.subnets.length === 0) output.hint(`Add one: vpcctl add-subnet ${vpc.name} NAME CIDR`);
  }
  return asExpected ? exitStatus.done : exitStatus.failed;
};

/** Its kind decides whether all goes by IPv4 or by IPv6. */
const parseTarget = (text: string): Ip => (isIpv6(text) ? parseIpv6(text) : parseIpv4(text));

/** A port alone means TCP. */
function portOf(invocation: Invocation): PortOf | undefined {
  const [port, protocol] = [invocation.value("port"), invocation.value("protocol")];
  if (port === undefined && protocol === undefined) return undefined;
  if (port === undefined) throw new VpcctlError({ code: "MissingParameter", message: `--protocol ${protocol} needs a port.`, hint: "Say which: --port 80" });
  return { protocol: protocol === "udp" ? "udp" : "tcp", number: parsePort("--port", port) };
}

/** The whole answer as text. */
export function formatConnectivity(report: ConnectivityReport, output: Output): string {
  const addresses = new Map(report.attachments.map(({ path, address }) => [path, address]));
  const addressOf = (path: string) => addresses.get(path) ?? path;
  if (report.subnets.length === 0) return `VPC ${report.vpc} has no subnets, so there is nothing to test.\n`;
  const few = report.attachments.length <= fewAttachments;
  const shown = (results: readonly PairResult[]) => (few ? results : results.filter(differs));
  const title = (text: string) => `${output.style("bold", text)}\n`;
  const pairs = shown(report.pairs).map((pair) => pairRow(pair, addressOf(pair.to), output));
  const internet = shown(report.internet).map((result) => internetRow(result, output));
  return [
    few && output.interactive && report.pairs.length > 0 ? `${title("Round trips in ms, from row to column")}${formatMatrix(report, output)}\n` : "",
    pairs.length > 0 ? title(`Between ${placesOf(report)}${sayPort(report)}`) + formatTable(pairs, "  ") + "\n" : "",
    internet.length > 0 ? title(`Internet (${report.internetTarget}${sayPort(report)})`) + formatTable(internet, "  ") + "\n" : "",
    verdict(report, output),
  ].join("");
}

const placesOf = ({ attachments, subnets }: ConnectivityReport) => (attachments.length > subnets.length ? "subnets and instances" : "subnets");
const sayPort = ({ port }: ConnectivityReport) => (port === undefined ? "" : `, ${port.protocol} port ${port.number}`);

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
function formatMatrix({ attachments, pairs }: ConnectivityReport, output: Output): string {
  const paths = attachments.map(({ path }) => path);
  const byPair = new Map(pairs.map((pair) => [`${pair.from} ${pair.to}`, pair]));
  const heading = ["", ...paths.map((_, at) => String(at + 1))];
  const rows = paths.map((from, at) => [
    `${at + 1} ${from}`,
    ...paths.map((to) => {
      const pair = byPair.get(`${from} ${to}`);
      return pair === undefined ? "." : mark(pair, pair.reached ? (pair.milliseconds ?? 0).toFixed(2) : "-", output);
    }),
  ]);
  return formatTable([heading, ...rows], "  ");
}

function verdict(report: ConnectivityReport, output: Output): string {
  const results = [...report.pairs, ...report.internet];
  const wrong = results.filter(differs).length;
  const instances = report.attachments.length - report.subnets.length;
  const places = `${counted(report.subnets.length, "subnet")}${instances === 0 ? "" : `, ${counted(instances, "instance")}`}`;
  const sample = report.pairs.length < report.allPairs ? `; a sample: ${counted(report.pairs.length, "pair")} of ${counted(report.allPairs, "pair")}` : "";
  const took = `${places}, ${(report.milliseconds / 1000).toFixed(2)} s${sample}`;
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
