import { subnetCidr6Problem, vpcCidr6Problem } from "../addresses6.ts";
import { overlaps6, tryParseCidr6, type Cidr6 } from "../cidr6.ts";
import { isRecord, type Fields, type Problems } from "./checks.ts";

/** The IPv6 blocks of all VPCs and their subnets: usable, inside one another, and nobody's twice. */
export function checkIpv6(vpcs: readonly Fields[], problems: Problems): void {
  const found: { readonly name: string; readonly cidr: Cidr6 }[] = [];
  for (const vpc of vpcs) {
    const name = String(vpc["name"]);
    const path = `vpcs.${name}`;
    const cidr = vpc["ipv6Cidr"] === undefined ? undefined : checkBlock(vpc["ipv6Cidr"], `${path}.ipv6Cidr`, problems, vpcCidr6Problem);
    const other = cidr && found.find((seen) => overlaps6(seen.cidr, cidr));
    if (other !== undefined) problems.add(`${path}.ipv6Cidr`, `overlaps ${other.name}, which has ${other.cidr}`);
    if (cidr !== undefined) found.push({ name, cidr });
    checkSubnets(vpc, cidr, `${path}.subnets`, problems);
  }
}

function checkSubnets(vpc: Fields, whole: Cidr6 | undefined, path: string, problems: Problems): void {
  const { subnets } = vpc;
  if (!isRecord(subnets)) return;
  const owners = new Map<string, string>();
  for (const name of Object.keys(subnets)) {
    const subnet = subnets[name];
    const value = isRecord(subnet) ? subnet["ipv6Cidr"] : undefined;
    if (value === undefined) continue;
    const subnetPath = `${path}.${name}.ipv6Cidr`;
    const cidr = checkBlock(value, subnetPath, problems, (block) => (whole === undefined ? "the VPC has no IPv6 block" : subnetCidr6Problem(whole, block)));
    if (cidr === undefined) continue;
    const owner = owners.get(cidr);
    if (owner !== undefined) problems.add(subnetPath, `is ${cidr}, which ${owner} has`);
    owners.set(cidr, name);
  }
}

function checkBlock(value: unknown, path: string, problems: Problems, whyNot: (cidr: Cidr6) => string | undefined): Cidr6 | undefined {
  const parsed = typeof value === "string" ? tryParseCidr6(value) : undefined;
  // What stands in the state is compared as text, so only the canonical form is right.
  if (parsed === undefined || "problem" in parsed || parsed.value !== value) {
    problems.add(path, "is not an IPv6 block in its short form");
    return undefined;
  }
  const why = whyNot(parsed.value);
  if (why === undefined) return parsed.value;
  problems.add(path, `cannot be ${parsed.value}: ${why}`);
  return undefined;
}
