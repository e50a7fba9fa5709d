import { objectContent, objectKey } from "../../src/drivers/linux/objects/identity.ts";
import type { SpecObject } from "../../src/drivers/linux/objects/object.ts";
import type { Spec } from "../../src/drivers/linux/spec.ts";

/** A Spec to read: units in the order in which they are built, with all their objects. */
export function formatSpec(spec: Spec): string {
  if (spec.size === 0) return "nothing\n";
  return [...spec].map(([name, unit]) => `[${name}]\n${unit.objects().flatMap(formatObject).map((line) => `${line}\n`).join("")}`).join("\n");
}

/** How many objects of each kind, and which bridges. */
export function summarizeSpec(spec: Spec): string {
  const objects = [...spec.values()].flatMap((unit) => unit.objects());
  const counts = new Map<string, number>();
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = [...counts].map(([kind, count]) => `${count} ${kind}\n`).toSorted((a, b) => (a < b ? -1 : 1));
  return `${spec.size} units\n${kinds.join("")}\n${objects.filter((object) => object.kind === "bridge").flatMap(formatObject).join("\n")}\n`;
}

function formatObject(object: SpecObject): string[] {
  if (object.kind === "nft-chain") {
    const { hook } = object;
    const place = hook === undefined ? "" : `: ${hook.type} at ${hook.hook} ${hook.priority}, else ${hook.policy}`;
    return [`${objectKey(object)}${place}`, ...object.rules.map(({ text, comment }) => `    ${text}   # ${comment}`)];
  }
  const content = objectContent(object);
  const was = object.kind === "sysctl" && object.was !== undefined ? ` (was ${object.was})` : "";
  const before = object.kind === "foreign-rule" && object.before !== undefined ? ` before ${object.before}` : "";
  return [`${objectKey(object)}${content === "" ? "" : `: ${content}`}${was}${before}`];
}
