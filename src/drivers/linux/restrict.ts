import type { Scope } from "../driver.ts";
import { attachmentNamespace } from "./names.ts";
import type { SpecObject } from "./objects/object.ts";
import type { Parts, Spec, Unit } from "./spec.ts";

/**
 * The part of a compiled Spec that observation of the same scope can see: of the VPCs in it the router and the host's share whole, and
 * the insides of the subnets that are named.
 */
export function restrict(spec: Spec, scope: Scope): Spec {
  if (scope === "all") return spec;
  const restricted = new Map<string, Unit>();
  for (const [key, unit] of spec) {
    if (unit.vpc === undefined) {
      restricted.set(key, unit);
      continue;
    }
    const parts = scope.filter((part) => part.vpc === unit.vpc);
    if (parts.length === 0) continue;
    const isWhole = parts.some((part) => part.subnets === undefined);
    if (isWhole || unit.parts === undefined) restricted.set(key, unit);
    else for (const [partKey, part] of restrictParts(key, unit.parts, new Set(parts.flatMap(({ subnets = [] }) => subnets)))) restricted.set(partKey, part);
  }
  return restricted;
}

function* restrictParts(key: string, parts: Parts, seen: ReadonlySet<string>): Generator<[string, Unit]> {
  // Not all parts are of a subnet, and each needs a key of its own.
  for (const [at, unit] of [...parts.unlike(undefined)].entries()) {
    const { vpc, subnet } = unit;
    const isSeen = vpc === undefined || subnet === undefined || seen.has(subnet);
    yield [`${key} ${at}`, isSeen ? unit : withoutInside(unit, attachmentNamespace(vpc, subnet))];
  }
}

function withoutInside(unit: Unit, namespace: string): Unit {
  const isOutside = (object: SpecObject): boolean => !("namespace" in object) || object.namespace !== namespace;
  return { ...unit, madeFrom: [...unit.madeFrom, "outside"], objects: () => unit.objects().filter(isOutside) };
}
