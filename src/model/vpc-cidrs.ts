// The blocks of a VPC: the one it was made with, and those that were associated with it later.
import type { Cidr } from "./cidr-any.ts";
import { contains, type Cidr4 } from "./cidr.ts";
import type { Vpc } from "./world.ts";

/** All IPv4 blocks of the VPC, the primary one first. They do not overlap. */
export const cidrsOf = ({ cidr, secondaryCidrs }: Vpc): readonly Cidr4[] => (secondaryCidrs === undefined ? [cidr] : [cidr, ...secondaryCidrs]);

/** All blocks that are `local` in its route tables, IPv6 last. */
export const blocksOf = (vpc: Vpc): readonly Cidr[] => (vpc.ipv6Cidr === undefined ? cidrsOf(vpc) : [...cidrsOf(vpc), vpc.ipv6Cidr]);

/** The block of the VPC that this one is a part of. */
export const blockAround = (vpc: Vpc, part: Cidr4): Cidr4 | undefined => cidrsOf(vpc).find((block) => contains(block, part));
