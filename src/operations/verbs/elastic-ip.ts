import type { AddressOwner } from "../../model/gateways.ts";
import { poolCapacity, publicPoolOf } from "../../model/public-pool.ts";
import { findInstance, findNamed, findVpc, type World } from "../../model/world.ts";
import {
  allocateAddress,
  associateAddress,
  disassociateAddress,
  releaseAddress,
  type AllocateAddressInput,
  type AssociateAddressInput,
  type ElasticIpInput,
} from "../elastic-ip.ts";
import { setPublicPool, type PublicPoolInput } from "../set-public-pool.ts";
import { defineVerb, type Touched, type Verb } from "../verb.ts";
import { untilWayOut } from "./way-out.ts";

const elasticIp = { name: "ELASTIC-IP", key: "name", kind: "elastic-ip", meaning: "Name of the Elastic IP." } as const;

const addressOf = (world: World, name: string): string => findNamed(world.elasticIps, name)?.address ?? "";

const allocateVerb = defineVerb<AllocateAddressInput>({
  name: "allocate-address",
  group: "route",
  summary: "Reserve a public address: an Elastic IP",
  about: "It stays yours until release-address, whoever has it: an instance, a subnet (associate-address) or a NAT gateway (create-nat-gateway).",
  arguments: [{ name: "NAME", key: "name", kind: "new-name", meaning: "Name of the new Elastic IP." }],
  options: [{ flag: "--address", key: "address", value: "ADDRESS", fallback: "the lowest free one", meaning: "Which address of the public pool." }],
  examples: [{ line: "vpcctl allocate-address shop", effect: "Reserves the lowest free address of the public pool." }],
  operate: allocateAddress,
  touches: () => [],
  done: (world, { name }) => `Elastic IP ${name} is ${addressOf(world, name)}.`,
  unchanged: (world, { name }) => `Elastic IP ${name} is ${addressOf(world, name)} already.`,
});

const releaseVerb = defineVerb<ElasticIpInput>({
  name: "release-address",
  group: "route",
  summary: "Give an Elastic IP back",
  about: "Refuses while an instance, a subnet or a NAT gateway has it.",
  arguments: [elasticIp],
  options: [],
  examples: [{ line: "vpcctl release-address shop", effect: "Gives the address back to the public pool." }],
  operate: releaseAddress,
  touches: () => [],
  done: (_, { name }) => `Released Elastic IP ${name}.`,
  unchanged: (_, { name }) => `There is no Elastic IP ${name}.`,
});

const associateVerb = defineVerb<AssociateAddressInput>({
  name: "associate-address",
  group: "route",
  summary: "Give an Elastic IP to an instance or a subnet",
  about:
    "It takes the place of the public address that the instance had, and whoever had the Elastic IP loses it. The VPC needs an internet gateway, " +
    "and the subnet a route to it for the address to be of use.",
  arguments: [
    elasticIp,
    { name: "VPC", key: "vpc", kind: "vpc", meaning: "Name of the VPC." },
    { name: "INSTANCE", key: "instance", kind: "instance", optional: true, meaning: "Name of the instance." },
  ],
  options: [{ flag: "--subnet", key: "subnet", value: "SUBNET", kind: "subnet", meaning: "Give it to the subnet's own namespace instead of an instance." }],
  examples: [
    { line: "vpcctl associate-address shop company-a web1", effect: "The instance is reached at the Elastic IP, and goes out under it." },
    { line: "vpcctl associate-address shop company-a --subnet public-web", effect: "The same for what runs in the subnet itself." },
  ],
  operate: associateAddress,
  touches: (input, world) => [
    ...touchedOwner(world, findNamed(world.elasticIps, input.name)?.association),
    ...(input.instance === undefined ? [] : touchedOwner(world, { vpc: input.vpc, instance: input.instance })),
    ...(input.subnet === undefined ? [] : touchedOwner(world, { vpc: input.vpc, subnet: input.subnet })),
  ],
  done: (world, input) => `${subject(input)} has public address ${addressOf(world, input.name)}${whileIdle(world, input)}`,
  unchanged: (world, input) => `${subject(input)} has public address ${addressOf(world, input.name)} already${whileIdle(world, input)}`,
});

const subject = ({ vpc, instance, subnet }: AssociateAddressInput): string =>
  instance === undefined ? `Subnet ${vpc}/${subnet}` : `Instance ${vpc}/${instance}`;

function whileIdle(world: World, { vpc, instance = "", subnet }: AssociateAddressInput): string {
  const inside = findVpc(world, vpc);
  const place = subnet ?? (inside && findInstance(inside, instance)?.subnet);
  return place === undefined ? "." : untilWayOut(world, vpc, place, "That address");
}

function touchedOwner(world: World, owner: AddressOwner | undefined): Touched[] {
  if (owner === undefined) return [];
  if ("subnet" in owner) return [{ vpc: owner.vpc, subnets: [owner.subnet] }];
  const vpc = findVpc(world, owner.vpc);
  const instance = vpc && "instance" in owner ? findInstance(vpc, owner.instance) : undefined;
  return [{ vpc: owner.vpc, subnets: instance === undefined ? [] : [`${instance.subnet}/${instance.name}`] }];
}

const disassociateVerb = defineVerb<ElasticIpInput>({
  name: "disassociate-address",
  group: "route",
  summary: "Take an Elastic IP from who has it",
  about: "It stays allocated. In a public subnet its owner gets another public address at once, as in EC2. That of a NAT gateway stays until the gateway goes.",
  arguments: [elasticIp],
  options: [],
  examples: [{ line: "vpcctl disassociate-address shop", effect: "The Elastic IP is free for somebody else." }],
  operate: disassociateAddress,
  touches: ({ name }, world) => touchedOwner(world, findNamed(world.elasticIps, name)?.association),
  done: (_, { name }) => `Elastic IP ${name} is nobody's.`,
  unchanged: (_, { name }) => `Elastic IP ${name} is nobody's already.`,
});

const poolVerb = defineVerb<PublicPoolInput>({
  name: "set-public-pool",
  group: "route",
  summary: "Choose the block that public addresses come from",
  about:
    "Public addresses mean something on this machine only: the host reaches them, and so do VPCs; outside, all of them are the host. " +
    "The first address is the host's own. Choose a block that this machine has no other route to. Refuses while addresses of the old block are in use.",
  arguments: [{ name: "CIDR", key: "cidr", kind: "cidr", meaning: "The block, for example 198.18.0.0/15, which is the default." }],
  options: [],
  examples: [{ line: "vpcctl set-public-pool 203.0.113.0/24", effect: "Public addresses come from that block." }],
  operate: setPublicPool,
  touches: (_, world) => Object.keys(world.vpcs).map((vpc) => ({ vpc, subnets: [] })),
  done: (world) => `Public addresses come from ${publicPoolOf(world)}, which has ${poolCapacity(publicPoolOf(world))} to give.`,
  unchanged: (world) => `Public addresses come from ${publicPoolOf(world)} already.`,
});

export const elasticIpVerbs: readonly Verb[] = [allocateVerb, associateVerb, poolVerb, disassociateVerb, releaseVerb];
