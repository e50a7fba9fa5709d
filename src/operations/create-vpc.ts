import { uniqueLocalCidr } from "../model/addresses6.ts";
import { VpcctlError } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { defaultMainTable, findVpc, type Vpc, type World } from "../model/world.ts";
import { acceptNamed, parseVpcCidr } from "./check-input.ts";
import { poolOverlapProblems } from "./pool-overlap.ts";
import { smallestFree, withVpc } from "./replace.ts";

export interface CreateVpcInput {
  readonly name: string;
  readonly cidr: string;
  /** Takes sizes that EC2 does not. */
  readonly anyPrefix?: boolean;
  /** Gives it a private IPv6 block as well. */
  readonly ipv6?: boolean;
}

/**
 * A VPC without subnets and with a route table `main`. The same again is no change.
 * Throws InvalidParameterValue, InvalidVpc.Range, InvalidVpc.Duplicate, VpcLimitExceeded.
 */
export function createVpc(world: World, { name, cidr, anyPrefix = false, ipv6 = false }: CreateVpcInput): World {
  const existing = findVpc(world, name);
  const parsed = parseVpcCidr(cidr, anyPrefix);
  const isNew = "value" in parsed && parsed.value !== existing?.cidr;
  const block = acceptNamed("VPC", name, parsed, isNew ? poolOverlapProblems(world, parsed.value) : []);

  if (existing?.cidr === block) return ipv6 ? requireIpv6(world, existing) : world;
  if (existing !== undefined) {
    throw new VpcctlError({
      code: "InvalidVpc.Duplicate",
      message: `VPC ${name} exists with CIDR ${existing.cidr}, not ${block}.`,
      hint: `Choose another name, or take it away first: vpcctl delete-vpc ${name}`,
    });
  }
  const vpcs = Object.values(world.vpcs);
  if (vpcs.length >= limits.vpcs.value) {
    throw new VpcctlError({ code: "VpcLimitExceeded", message: `There are ${vpcs.length} VPCs, and no more fit.`, hint: limits.vpcs.why });
  }
  const number = smallestFree(vpcs.map((vpc) => vpc.number), 1);
  return withVpc(world, {
    name,
    number,
    cidr: block,
    ...(ipv6 ? { ipv6Cidr: uniqueLocalCidr({ name, number }, world) } : {}),
    subnets: {},
    routeTables: { [defaultMainTable]: { name: defaultMainTable, number: 1, routes: [] } },
    internetGateway: false,
  });
}

/** It is there with IPv6 already, or was made without. */
function requireIpv6(world: World, { name, ipv6Cidr }: Vpc): World {
  if (ipv6Cidr !== undefined) return world;
  throw new VpcctlError({
    code: "InvalidVpc.Duplicate",
    message: `VPC ${name} exists without IPv6.`,
    hint: `Give it a block: vpcctl associate-ipv6-cidr ${name}`,
  });
}
