import { limits } from "../limits.ts";
import { checkUnique, isRecord, type Fields, type Problems } from "./checks.ts";

/** The shaping of one thing; absent is sound. */
export function checkShaping(value: unknown, path: string, problems: Problems): void {
  if (value === undefined) return;
  if (!isRecord(value)) return problems.add(path, "is not an object");
  for (const key of ["bandwidth", "delay", "jitter", "loss"]) {
    const number = value[key];
    if (number !== undefined && !(typeof number === "number" && number >= 0 && Number.isFinite(number))) problems.add(`${path}.${key}`, "is not a number");
  }
}

/** Each shaped subnet has a number of its own. */
export function checkShapedSubnets(subnets: readonly Fields[], path: string, problems: Problems): void {
  const shaped = subnets.flatMap(({ name, shaping }) => (isRecord(shaping) ? [{ name, number: shaping["number"] }] : []));
  checkUnique(shaped, "number", 1, limits.shapedSubnetsPerVpc.value, path, problems);
}
