// A policy file -> policies by subnet. JSON, and nothing in it is passed over: a word that is not known is more likely a mistake than a
// comment. Every problem is told with its path in the document, all of them at once.
import { isCidr6, tryParseCidr } from "../model/cidr-any.ts";
import type { Problem } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { quote } from "../model/quote.ts";
import type { IcmpType, PolicyRule, PortRange, RuleProtocol, SubnetPolicy } from "../model/security-group.ts";
import { protocols } from "./parse-traffic.ts";

export interface ParsedPolicy {
  /** Where it stands in the document: the empty path, or `[1]`. */
  readonly path: string;
  /** Name or CIDR of a subnet. */
  readonly subnet: string;
  readonly policy: SubnetPolicy;
}

type Fields = Readonly<Record<string, unknown>>;
type Report = (path: string, what: string, hint: string) => void;

const example = '{"subnet": "10.0.1.0/24", "ingress": [{"port": 80, "protocol": "tcp", "action": "allow"}]}';

/** One object, or a list of them. What comes back counts only when `problems` is empty afterwards. */
export function parsePolicies(text: string, problems: Problem[]): ParsedPolicy[] {
  const report: Report = (path, what, hint) => problems.push({ code: "InvalidPolicyDocument", message: `${path === "" ? "The policy" : path} ${what}.`, hint });
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    report("", `is not JSON: ${(error as Error).message}`, `A policy looks like ${example}.`);
    return [];
  }
  if (!Array.isArray(document)) return parsePolicy(document, "", report);
  return document.flatMap((part: unknown, at) => parsePolicy(part, `[${at}]`, report));
}

function parsePolicy(value: unknown, path: string, report: Report): ParsedPolicy[] {
  const fields = objectAt(value, path, ["subnet", "ingress", "egress"], report);
  if (fields === undefined) return [];
  const { subnet } = fields;
  const isNamed = typeof subnet === "string" && subnet !== "";
  if (!isNamed) report(at(path, "subnet"), "is not the name or CIDR of a subnet", 'Write for example "subnet": "10.0.1.0/24".');
  if (fields["ingress"] === undefined) report(at(path, "ingress"), "is missing", 'Write "ingress": [] to deny all that comes from outside.');
  const ingress = parseRules(fields["ingress"], "ingress", path, report);
  const egress = fields["egress"] === undefined ? undefined : parseRules(fields["egress"], "egress", path, report);
  return isNamed ? [{ path, subnet, policy: { ingress, ...(egress === undefined ? {} : { egress }) } }] : [];
}

function parseRules(value: unknown, direction: "ingress" | "egress", parent: string, report: Report): PolicyRule[] {
  const path = at(parent, direction);
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    report(path, "is not a list of rules", `A policy looks like ${example}.`);
    return [];
  }
  const most = limits.policyRules.value;
  if (value.length > most) report(path, `has ${value.length} rules; ${most} are the most`, "Say the same with fewer rules: bigger blocks and ranges of ports.");
  return value.flatMap((rule: unknown, index) => parseRule(rule, direction, `${path}[${index}]`, report));
}

function parseRule(value: unknown, direction: "ingress" | "egress", path: string, report: Report): PolicyRule[] {
  const side = direction === "ingress" ? "source" : "destination";
  const fields = objectAt(value, path, ["action", "protocol", "port", "icmpType", "cidr", side], report);
  if (fields === undefined) return [];
  const { action } = fields;
  if (action !== "allow" && action !== "deny") report(at(path, "action"), `is ${shown(action)}`, "It is allow or deny.");
  const protocol = parseProtocol(fields["protocol"], fields["port"] !== undefined, path, report);
  const ports = parsePort(fields, protocol, path, report);
  const icmp = parseIcmp(fields["icmpType"], protocol, path, report);
  const cidr = parseBlock(fields, side, protocol, path, report);
  // Always in this order: two policies are the same when their JSON is.
  return [
    {
      action: action === "allow" ? "allow" : "deny",
      protocol,
      ...(ports === undefined ? {} : { ports }),
      ...(icmp === undefined ? {} : { icmp }),
      ...(cidr === undefined ? {} : { cidr }),
    },
  ];
}

function parseProtocol(value: unknown, hasPort: boolean, path: string, report: Report): RuleProtocol {
  const protocol = protocols.find((name) => name === value);
  if (protocol !== undefined) return protocol;
  if (value !== undefined) report(at(path, "protocol"), `is ${shown(value)}`, `It is one of ${protocols.join(", ")}.`);
  else if (hasPort) report(at(path, "protocol"), "is missing", 'A port is one of a protocol: write "protocol": "tcp" or "udp".');
  return "all";
}

/** All ports are the same as no word about them. */
function parsePort(fields: Fields, protocol: RuleProtocol, path: string, report: Report): PortRange | undefined {
  const value = fields["port"];
  if (value === undefined) return undefined;
  const match = typeof value === "number" || typeof value === "string" ? /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(value)) : null;
  const from = Number(match?.[1]);
  const to = Number(match?.[2] ?? match?.[1]);
  if (match === null || to > 65_535 || from > to) {
    report(at(path, "port"), `is ${shown(value)}, which is no port or range of ports`, 'Write "port": 80 or "port": "8000-8100", from 0 to 65535.');
    return undefined;
  }
  // Of a protocol that is missing or not known enough has been said.
  if (protocol === fields["protocol"] && protocol !== "tcp" && protocol !== "udp") {
    const hint = protocol === "all" ? 'Leave it out, or write "protocol": "tcp" or "udp".' : 'Leave it out, or write "icmpType".';
    report(at(path, "port"), `cannot be: ${protocol} has no ports`, hint);
  }
  return from === 0 && to === 65_535 ? undefined : { from, to };
}

function parseIcmp(value: unknown, protocol: RuleProtocol, path: string, report: Report): IcmpType | undefined {
  if (value === undefined) return undefined;
  const match = typeof value === "number" || typeof value === "string" ? /^(\d{1,3})(?:\/(\d{1,3}))?$/.exec(String(value)) : null;
  const type = Number(match?.[1]);
  const code = match?.[2] === undefined ? undefined : Number(match[2]);
  if (match === null || type > 255 || (code ?? 0) > 255) {
    report(at(path, "icmpType"), `is ${shown(value)}, which is no ICMP type`, 'Write "icmpType": 8, or "icmpType": "3/4" for one code of it, each from 0 to 255.');
    return undefined;
  }
  if (protocol !== "icmp" && protocol !== "icmpv6") report(at(path, "icmpType"), `cannot be: ${protocol} has no ICMP types`, 'Write "protocol": "icmp" or "icmpv6".');
  return { type, ...(code === undefined ? {} : { code }) };
}

function parseBlock(fields: Fields, side: "source" | "destination", protocol: RuleProtocol, path: string, report: Report): PolicyRule["cidr"] {
  const [named, other] = fields["cidr"] === undefined ? [side, "cidr"] : ["cidr", side];
  const value = fields[named];
  if (value === undefined) return undefined;
  if (fields[other] !== undefined) report(at(path, other), `says the same as ${named}`, "Write one of both.");
  const parsed = typeof value === "string" ? tryParseCidr(value) : undefined;
  if (parsed === undefined) {
    report(at(path, named), `is ${shown(value)}, which is no CIDR`, "A block looks like 10.0.1.0/24.");
    return undefined;
  }
  if ("problem" in parsed) {
    report(at(path, named), `is wrong: ${parsed.problem.message.replace(/\.$/, "")}`, parsed.problem.hint);
    return undefined;
  }
  if (protocol === (isCidr6(parsed.value) ? "icmp" : "icmpv6")) {
    report(at(path, named), `is ${parsed.value}, and no packet of ${protocol} has such an address`, "IPv4 has icmp, IPv6 has icmpv6.");
  }
  return parsed.value;
}

/** The object, when it is one; tells what it should not have. */
function objectAt(value: unknown, path: string, known: readonly string[], report: Report): Fields | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    report(path, `is ${shown(value)}, not an object`, `A policy looks like ${example}.`);
    return undefined;
  }
  for (const key of Object.keys(value)) if (!known.includes(key)) report(at(path, key), "is not known here", `Known are ${known.join(", ")}.`);
  return value as Fields;
}

const at = (path: string, key: string): string => `${path}${path === "" ? "" : "."}${/^\w+$/.test(key) ? key : quote(key)}`;

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
