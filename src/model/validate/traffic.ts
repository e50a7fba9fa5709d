import type { RuleProtocol } from "../security-group.ts";
import { isRecord, type Fields, type Problems } from "./checks.ts";

const protocols: readonly unknown[] = ["tcp", "udp", "icmp", "icmpv6", "all"] satisfies RuleProtocol[];

/** Which packets a rule or an entry speaks of. */
export function checkTraffic(rule: Fields, path: string, problems: Problems): void {
  const { protocol, ports, icmp } = rule;
  if (!protocols.includes(protocol)) problems.add(`${path}.protocol`, "is not a protocol");
  if (ports !== undefined && !((protocol === "tcp" || protocol === "udp") && isPortRange(ports))) problems.add(`${path}.ports`, "is not a range of ports");
  if (icmp !== undefined && !((protocol === "icmp" || protocol === "icmpv6") && isIcmpType(icmp))) problems.add(`${path}.icmp`, "is not an ICMP type");
}

const isWholeUpTo = (value: unknown, highest: number): value is number => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= highest;

function isPortRange(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { from, to } = value;
  return isWholeUpTo(to, 65_535) && isWholeUpTo(from, to);
}

function isIcmpType(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { type, code } = value;
  return isWholeUpTo(type, 255) && (code === undefined || isWholeUpTo(code, 255));
}
