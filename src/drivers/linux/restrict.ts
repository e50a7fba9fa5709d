import type { Scope } from "../driver.ts";
import { subnetNamespace } from "./names.ts";
import type { SpecObject } from "./objects/object.ts";
import type { Spec, Unit } from "./spec.ts";

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
    const { vpc, subnet } = unit;
    const seen = subnet === undefined || parts.some((part) => part.subnets === undefined || part.subnets.includes(subnet));
    restricted.set(key, seen ? unit : withoutInside(unit, subnetNamespace(vpc, subnet)));
  }
  return restricted;
}

function withoutInside(unit: Unit, namespace: string): Unit {
  const isOutside = (object: SpecObject): boolean => !("namespace" in object) || object.namespace !== namespace;
  return { ...unit, madeFrom: [...unit.madeFrom, "outside"], objects: () => unit.objects().filter(isOutside) };
}
