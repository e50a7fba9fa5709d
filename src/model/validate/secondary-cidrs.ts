import { overlaps, type Cidr4 } from "../cidr.ts";
import { limits, rangeProblem, sizeProblem } from "../limits.ts";
import { checkCidr, type Problems } from "./checks.ts";

/** Further blocks of a VPC: each one that a VPC may have, and all of them apart. */
export function checkSecondaryCidrs(value: unknown, primary: Cidr4 | undefined, path: string, problems: Problems): void {
  if (!Array.isArray(value)) {
    problems.add(path, "is not a list");
    return;
  }
  if (value.length >= limits.cidrsPerVpc.value) problems.add(path, `has more than ${limits.cidrsPerVpc.value - 1} blocks`);
  const known: Cidr4[] = primary === undefined ? [] : [primary];
  for (const [at, text] of value.entries()) {
    const cidr = checkCidr(text, `${path}[${at}]`, problems);
    if (cidr === undefined) continue;
    const why = sizeProblem(cidr, true) ?? rangeProblem(cidr);
    if (why !== undefined) problems.add(`${path}[${at}]`, `cannot be ${cidr}: ${why}`);
    const other = known.find((block) => overlaps(block, cidr));
    if (other !== undefined) problems.add(`${path}[${at}]`, `is ${cidr}, which overlaps ${other}`);
    known.push(cidr);
  }
}
