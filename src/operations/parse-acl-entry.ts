// What is typed for an entry of a network ACL -> the entry. All problems are told at once.
import { tryParseCidr } from "../model/cidr-any.ts";
import { isIpv6 } from "../model/cidr6.ts";
import { refuseProblems, type Problem } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import type { AclEntry } from "../model/network-acl.ts";
import { quote } from "../model/quote.ts";
import { parseTraffic, type TrafficWords } from "./parse-traffic.ts";

export type AclDirection = "ingress" | "egress";

/** Which entry: exactly one of `ingress` and `egress`. */
export interface AclEntryPlace {
  readonly vpc: string;
  readonly acl: string;
  readonly ruleNumber?: string;
  readonly ingress?: boolean;
  readonly egress?: boolean;
}

export interface AclEntryInput extends AclEntryPlace, TrafficWords {
  readonly action?: string;
  readonly cidr?: string;
}

/** Throws every problem of what was typed. */
export function parseAclEntry(input: AclEntryInput): { readonly direction: AclDirection; readonly entry: AclEntry } {
  const problems: Problem[] = [];
  const direction = directionOf(input, problems);
  const number = parseNumber(input.ruleNumber, problems);
  const action = parseAction(input.action, problems);
  const traffic = parseTraffic(input, problems);
  const cidr = parseBlock(input, problems);
  refuseProblems(problems);
  return { direction, entry: { number, action, ...traffic, cidr: cidr as AclEntry["cidr"] } };
}

/** Throws every problem of what was typed. */
export function parseAclEntryPlace(place: AclEntryPlace): { readonly direction: AclDirection; readonly number: number } {
  const problems: Problem[] = [];
  const direction = directionOf(place, problems);
  const number = parseNumber(place.ruleNumber, problems);
  refuseProblems(problems);
  return { direction, number };
}

function directionOf({ ingress, egress }: AclEntryPlace, problems: Problem[]): AclDirection {
  if (ingress === egress) {
    const message = ingress === true ? "An entry has one direction, not both." : "It does not say which direction.";
    problems.push({ code: ingress === true ? "InvalidParameterValue" : "MissingParameter", message, hint: "Say --ingress or --egress." });
  }
  return egress === true ? "egress" : "ingress";
}

function parseNumber(text: string | undefined, problems: Problem[]): number {
  const highest = limits.networkAclEntryNumber.value;
  const number = /^[1-9]\d{0,4}$/.test(text ?? "") ? Number(text) : Infinity;
  if (text === undefined) {
    problems.push({ code: "MissingParameter", message: "It does not say which entry.", hint: "Add --rule-number N; entries are asked in ascending order." });
  } else if (number > highest) {
    problems.push({ code: "InvalidParameterValue", message: `${quote(text)} is not a rule number.`, hint: `A rule number is from 1 to ${highest}.` });
  }
  return number;
}

function parseAction(text: string | undefined, problems: Problem[]): AclEntry["action"] {
  if (text === "allow" || text === "deny") return text;
  if (text === undefined) {
    problems.push({ code: "MissingParameter", message: "It does not say whether to allow or to deny.", hint: "Add --action allow or --action deny." });
  } else problems.push({ code: "InvalidParameterValue", message: `${quote(text)} is not an action.`, hint: "It is allow or deny." });
  return "deny";
}

function parseBlock({ cidr, protocol }: AclEntryInput, problems: Problem[]): AclEntry["cidr"] | undefined {
  if (cidr === undefined) {
    const hint = "Add --cidr CIDR; 0.0.0.0/0 is every IPv4 address, ::/0 every IPv6 address.";
    problems.push({ code: "MissingParameter", message: "It does not say from or to where.", hint });
    return undefined;
  }
  const parsed = tryParseCidr(cidr);
  if ("problem" in parsed) {
    problems.push(parsed.problem);
    return undefined;
  }
  if ((protocol === "icmp" && isIpv6(parsed.value)) || (protocol === "icmpv6" && !isIpv6(parsed.value))) {
    const other = protocol === "icmp" ? "icmpv6" : "icmp";
    const message = `No packet of ${protocol} has an address of ${parsed.value}.`;
    problems.push({ code: "InvalidParameterValue", message, hint: `Here it is --protocol ${other}.` });
  }
  return parsed.value;
}
