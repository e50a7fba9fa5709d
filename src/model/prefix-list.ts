import type { Cidr4 } from "./cidr.ts";
import type { Cidr6 } from "./cidr6.ts";

/** Blocks under one name, for the rules of security groups in every VPC. */
export interface PrefixList {
  readonly name: string;
  readonly cidrs: readonly (Cidr4 | Cidr6)[];
}
