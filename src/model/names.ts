// The one rule for the names of VPCs, subnets and whatever follows. It keeps out dots, so that joined names such as `vpc.a.b` are not
// ambiguous, and everything a shell, a path or a kernel could read as more than a name.
import { quote } from "./quote.ts";

/** A DNS label (RFC 1123), lower case only: what may stand alone in a host name may be a name here. */
const rule = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** What can be named; how the problem sentence calls it. */
export type NamedKind = "VPC" | "subnet" | "route table" | "instance" | "security group" | "prefix list" | "network ACL" | "peering" | "NAT gateway" | "Elastic IP" | "workload";

/** The rule in words, for hints and help. */
export const nameRule = "A name has 1 to 63 of a-z, 0-9 and '-', and starts and ends with a letter or digit.";

/** The sentence that says what is wrong with the name of a `kind`; `undefined` when it is a name. */
export function checkName(kind: NamedKind, text: string): string | undefined {
  if (rule.test(text)) return undefined;
  return `${quote(text)} is not ${/^[aeiouE]/.test(kind) ? "an" : "a"} ${kind} name: ${reason(text)}.`;
}

/** The same for a workload, which has a name of the user's or, as the program of an instance, that of VPC and instance. */
export function checkWorkloadName(text: string): string | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return checkName("workload", text);
  return checkName("VPC", text.slice(0, slash)) ?? checkName("instance", text.slice(slash + 1));
}

function reason(text: string): string {
  if (text === "") return "it is empty";
  const stranger = /[^a-z0-9-]/u.exec(text)?.[0];
  if (stranger !== undefined) return `it has ${describe(stranger)}`;
  if (text.length > 63) return `it has ${text.length} characters, 63 are allowed`;
  return text.startsWith("-") ? "it starts with '-'" : "it ends with '-'";
}

function describe(character: string): string {
  if (/[A-Z]/.test(character)) return `the capital letter '${character}'`;
  if (character === " ") return "a space";
  if (/[!-~]/.test(character)) return `the character '${character}'`;
  return `the character U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
