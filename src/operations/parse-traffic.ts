// The words by which a rule or an ACL entry says which packets it speaks of: --protocol, --port, --icmp-type.
import type { Problem } from "../model/errors.ts";
import { quote } from "../model/quote.ts";
import type { IcmpType, PortRange, RuleProtocol, Traffic } from "../model/security-group.ts";

export interface TrafficWords {
  readonly protocol?: string;
  /** `80`, or `8000-8080`; all when absent. */
  readonly port?: string;
  /** `8`, or `8/0` with a code; all when absent. */
  readonly icmpType?: string;
}

export const protocols: readonly RuleProtocol[] = ["tcp", "udp", "icmp", "icmpv6", "all"];

const highestPort = 65_535;
const highestIcmp = 255;

/** The packets that are meant. Adds every problem to `problems`; then what comes back is only what was understood. */
export function parseTraffic({ protocol, port, icmpType }: TrafficWords, problems: Problem[]): Traffic {
  const known = protocols.find((name) => name === protocol) ?? "all";
  if (protocol === undefined) {
    problems.push({ code: "MissingParameter", message: "It does not say which protocol.", hint: `Add --protocol ${protocols.join("|")}` });
  } else if (known !== protocol) problems.push(invalid(`${quote(protocol)} is not a protocol.`, `It is one of ${protocols.join(", ")}.`));
  const ports = port === undefined ? undefined : parsePorts(port, problems);
  const icmp = icmpType === undefined ? undefined : parseIcmp(icmpType, problems);
  // Of a protocol that is missing or not known enough has been said.
  if (port !== undefined && known === protocol && known !== "tcp" && known !== "udp") {
    problems.push(invalid(`${known} has no ports.`, "Leave --port out, or say --protocol tcp or udp."));
  }
  if (icmpType !== undefined && known === protocol && known !== "icmp" && known !== "icmpv6") {
    problems.push(invalid(`${known} has no ICMP types.`, "Leave --icmp-type out, or say --protocol icmp or icmpv6."));
  }
  return { protocol: known, ...(ports === undefined ? {} : { ports }), ...(icmp === undefined ? {} : { icmp }) };
}

/** All ports are the same as no word about them, and stand in the World as that. */
function parsePorts(text: string, problems: Problem[]): PortRange | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  const from = Number(match?.[1]);
  const to = Number(match?.[2] ?? match?.[1]);
  if (match === null || to > highestPort || from > highestPort) {
    problems.push(invalid(`${quote(text)} is not a port or a range of ports.`, `Write --port 80 or --port 8000-8080, from 0 to ${highestPort}.`));
    return undefined;
  }
  if (from > to) problems.push(invalid(`The range of ports ${text} ends before it starts.`, `Write --port ${to}-${from}`));
  return from === 0 && to === highestPort ? undefined : { from, to };
}

function parseIcmp(text: string, problems: Problem[]): IcmpType | undefined {
  const match = /^(\d{1,3})(?:\/(\d{1,3}))?$/.exec(text);
  const type = Number(match?.[1]);
  const code = match?.[2] === undefined ? undefined : Number(match[2]);
  if (match !== null && type <= highestIcmp && (code ?? 0) <= highestIcmp) return { type, ...(code === undefined ? {} : { code }) };
  problems.push(invalid(`${quote(text)} is not an ICMP type.`, "Write --icmp-type 8, or --icmp-type 3/4 for one code of it, each from 0 to 255."));
  return undefined;
}

const invalid = (message: string, hint: string): Problem => ({ code: "InvalidParameterValue", message, hint });
