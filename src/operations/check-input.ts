// Checks of what the user typed that need no World. All problems of an input are told at once.
import { tryParseCidr4, valueOf, type Cidr4, type Parsed } from "../model/cidr.ts";
import { refuseProblems, type ErrorCode, type Problem } from "../model/errors.ts";
import { limits, rangeProblem, sizeProblem } from "../model/limits.ts";
import { checkName, nameRule, type NamedKind } from "../model/names.ts";

/** The block of a new thing, when neither its name nor the block has a problem, nor is there another; else throws them all. */
export function acceptNamed(kind: NamedKind, name: string, block: Parsed<Cidr4>, others: readonly Problem[] = []): Cidr4 {
  refuseProblems([...nameProblems(kind, name), ...("problem" in block ? [block.problem] : []), ...others]);
  return valueOf(block);
}

export function nameProblems(kind: NamedKind, name: string): readonly Problem[] {
  const message = checkName(kind, name);
  return message === undefined ? [] : [{ code: "InvalidParameterValue", message, hint: nameRule }];
}

/** A block that a VPC may have. */
export function parseVpcCidr(text: string, anyPrefix: boolean): Parsed<Cidr4> {
  const parsed = parseSized("VPC", "InvalidVpc.Range", text, anyPrefix);
  if ("problem" in parsed) return parsed;
  const why = rangeProblem(parsed.value);
  if (why === undefined) return parsed;
  const message = `A VPC cannot have ${parsed.value}: ${why}.`;
  return { problem: { code: "InvalidVpc.Range", message, hint: "Private ranges are 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16." } };
}

/** A block that a subnet may have, as far as its size goes. */
export function parseSubnetCidr(text: string, anyPrefix: boolean): Parsed<Cidr4> {
  return parseSized("subnet", "InvalidSubnet.Range", text, anyPrefix);
}

function parseSized(kind: "VPC" | "subnet", code: ErrorCode, text: string, anyPrefix: boolean): Parsed<Cidr4> {
  const parsed = tryParseCidr4(text);
  if ("problem" in parsed) return parsed;
  const why = sizeProblem(parsed.value, anyPrefix);
  if (why === undefined) return parsed;
  const { shortestPrefix, longestPrefix, longestAnyPrefix } = limits;
  const hint = anyPrefix ? longestAnyPrefix.why : `Sizes are /${shortestPrefix.value} to /${longestPrefix.value}, as in EC2; --any-prefix lifts this.`;
  return { problem: { code, message: `A ${kind} cannot have ${parsed.value}: ${why}.`, hint } };
}
