// `analyze`: may A reach B, and why, or why not. Nothing is sent and the machine is not asked.
import { analyze, type Analysis } from "../../analysis/analyze.ts";
import type { Protocol } from "../../analysis/packet.ts";
import type { Hop } from "../../analysis/trail.ts";
import { isIpv6 } from "../../model/cidr6.ts";
import { VpcctlError, exitStatus, refuseProblems, type Problem } from "../../model/errors.ts";
import type { Run } from "../command.ts";
import type { Invocation } from "../invocation.ts";
import { parseCount, parsePort } from "../numbers.ts";
import type { Output } from "../output.ts";
import { formatTable } from "../table.ts";

export const run: Run = async (invocation) => {
  const { output, wiring } = invocation;
  const world = await wiring.world();
  const protocol = protocolOf(invocation);
  refuseProblems(misfits(invocation, protocol));
  const analysis = analyze(world, {
    from: invocation.argument("from"),
    to: invocation.argument("to"),
    protocol,
    ...numbers(invocation),
    ...(invocation.flag("ipv6") ? { ipv6: true } : {}),
  });
  if (output.json) output.printJson({ ...analysis, protocol, ...numbers(invocation) });
  else output.print(formatAnalysis(analysis, output));
  return analysis.reachable ? exitStatus.done : exitStatus.failed;
};

const protocols: readonly string[] = ["tcp", "udp", "icmp", "icmpv6"] satisfies Protocol[];

/** A port alone means TCP, nothing at all an echo. */
function protocolOf(invocation: Invocation): Protocol {
  const echo = invocation.flag("ipv6") || isIpv6(invocation.argument("to")) ? "icmpv6" : "icmp";
  const text = invocation.value("protocol") ?? (invocation.flag("port") ? "tcp" : echo);
  if (!protocols.includes(text)) throw new Error(`the description of this command lets ${text} through`);
  return text as Protocol;
}

/** Options that the protocol has no place for. */
function misfits(invocation: Invocation, protocol: Protocol): Problem[] {
  const isIcmp = protocol.startsWith("icmp");
  const wrong = (isIcmp ? ["port", "source-port"] : ["icmp-type"]).filter((option) => invocation.flag(option));
  const hint = isIcmp ? "Leave it out, or say --protocol tcp or udp." : "Leave it out, or say --protocol icmp or icmpv6.";
  return wrong.map((option) => ({ code: "InvalidParameterValue", message: `${protocol} has no --${option}.`, hint }));
}

function numbers(invocation: Invocation): { readonly port?: number; readonly sourcePort?: number; readonly icmpType?: number } {
  const [port, sourcePort, icmpType] = ["port", "source-port", "icmp-type"].map((option) => invocation.value(option));
  return {
    ...(port === undefined ? {} : { port: parsePort("--port", port) }),
    ...(sourcePort === undefined ? {} : { sourcePort: parsePort("--source-port", sourcePort) }),
    ...(icmpType === undefined ? {} : { icmpType: parseType(icmpType) }),
  };
}

function parseType(text: string): number {
  const type = parseCount("--icmp-type", text);
  if (type <= 255) return type;
  throw new VpcctlError({ code: "InvalidParameterValue", message: `--icmp-type must be a number from 0 to 255, not ${type}.`, hint: "An echo is 8, by IPv6 128." });
}

function formatAnalysis(analysis: Analysis, output: Output): string {
  const { from, to, address, reachable, forward, answer, changes } = analysis;
  const named = to === address ? to : `${to} (${address})`;
  const title = (text: string) => `${output.style("bold", text)}\n`;
  const way = (text: string, hops: readonly Hop[]) => (hops.length === 0 ? "" : title(text) + formatTable(hops.map((hop) => hopRow(hop, output)), "  ") + "\n");
  return [
    way(`From ${from} to ${named}`, forward),
    way("And the answer back", answer),
    reachable
      ? `${output.style("green", "Reachable:")} ${from} reaches ${named}.\n`
      : `${output.style("red", "Not reachable:")} ${from} does not reach ${named}. What would have to change:\n`,
    ...changes.map((change, at) => `  ${at + 1}. ${change}\n`),
  ].join("");
}

const hopRow = ({ at, check, allowed, because }: Hop, output: Output): string[] => [
  allowed ? output.style("green", "yes") : output.style("red", "NO"),
  at,
  check,
  because,
];
