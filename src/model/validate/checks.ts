// What the checks of every noun are made of: they note what is wrong with foreign JSON and where, and go on.
import { tryParseCidr4, type Cidr4 } from "../cidr.ts";
import { checkName, type NamedKind } from "../names.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** What is wrong, each with its path. */
export class Problems {
  readonly found: string[] = [];

  add(path: string, what: string): void {
    this.found.push(path === "" ? `the state ${what}` : `${path} ${what}`);
  }
}

/** Checks a record of named things and returns those that are objects. */
export function checkRecord(
  value: unknown,
  path: string,
  kind: NamedKind,
  problems: Problems,
  check: (part: Fields, path: string, problems: Problems) => void,
): Fields[] {
  if (!isRecord(value)) {
    problems.add(path, "is not an object");
    return [];
  }
  const parts: Fields[] = [];
  for (const key of Object.keys(value)) {
    const part = value[key];
    const partPath = `${path}.${key}`;
    const nameProblem = checkName(kind, key);
    if (nameProblem !== undefined) problems.add(partPath, `has a bad key: ${nameProblem}`);
    if (!isRecord(part)) {
      problems.add(partPath, "is not an object");
      continue;
    }
    if (part["name"] !== key) problems.add(`${partPath}.name`, "is not the same as its key");
    check(part, partPath, problems);
    parts.push(part);
  }
  return parts;
}

/** Each part has a number of its own from `first` to `last`. */
export function checkUnique(parts: readonly Fields[], field: string, first: number, last: number, path: string, problems: Problems): void {
  const owners = new Map<number, unknown>();
  for (const part of parts) {
    const { name } = part;
    const number = part[field];
    const partPath = `${path}.${String(name)}.${field}`;
    if (!Number.isInteger(number) || typeof number !== "number" || number < first || number > last) {
      problems.add(partPath, `is not a whole number from ${first} to ${last}`);
    } else if (owners.has(number)) problems.add(partPath, `is ${number}, which ${String(owners.get(number))} has`);
    else owners.set(number, name);
  }
}

/** The block, when it is one. */
export function checkCidr(value: unknown, path: string, problems: Problems): Cidr4 | undefined {
  if (typeof value !== "string") {
    problems.add(path, "is not a CIDR block");
    return undefined;
  }
  const parsed = tryParseCidr4(value);
  if ("value" in parsed) return parsed.value;
  problems.add(path, `is wrong: ${parsed.problem.message}`);
  return undefined;
}

export function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
