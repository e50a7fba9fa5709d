import type { Scope } from "../../driver.ts";
import type { Mark } from "../names.ts";

/** A VPC's router belongs to every scope that names the VPC. */
export function inScope(scope: Scope, { vpc, subnet }: Mark): boolean {
  if (scope === "all") return true;
  return scope.some((part) => part.vpc === vpc && (subnet === undefined || part.subnets === undefined || part.subnets.includes(subnet)));
}
