import type { Instance } from "../../../src/model/instance.ts";
import type { Subnet, Vpc, World } from "../../../src/model/world.ts";
import { bitsOf, plus } from "./blocks.ts";

/** A namespace of its own on the wire of a VPC. */
export interface Node {
  readonly vpc: string;
  readonly path: string;
  readonly subnet: string;
  readonly ip: string;
  readonly ip6?: string;
  readonly pub?: string;
  readonly groups: readonly string[];
  readonly instance?: string;
  readonly stopped: boolean;
  readonly forwards: boolean;
}

const known = new WeakMap<World, readonly Node[]>();

/** All nodes of a World. */
export function nodesOf(world: World): readonly Node[] {
  const nodes = known.get(world) ?? makeNodes(world);
  known.set(world, nodes);
  return nodes;
}

function makeNodes(world: World): Node[] {
  return Object.values(world.vpcs).flatMap((vpc) => [
    ...Object.values(vpc.subnets).map((subnet) => subnetNode(vpc.name, subnet)),
    ...Object.values(vpc.instances ?? {}).map((instance) => instanceNode(vpc, instance)),
  ]);
}

function subnetNode(vpc: string, subnet: Subnet): Node {
  const { name, cidr, securityGroups: groups = ["default"], publicAddress } = subnet;
  const ip = plus(cidr, 4);
  const pub = publicAddress === undefined ? {} : { pub: publicAddress };
  return { vpc, path: name, subnet: name, ip, ...ipv6(subnet, ip), ...pub, groups, stopped: false, forwards: false };
}

function instanceNode(vpc: Vpc, { name, subnet, address: ip, securityGroups: groups = ["default"], publicAddress, state, sourceDestCheck }: Instance): Node {
  const pub = publicAddress === undefined ? {} : { pub: publicAddress };
  const is = { stopped: state !== "running", forwards: sourceDestCheck === false };
  return { vpc: vpc.name, path: `${subnet}/${name}`, subnet, ip, ...ipv6(vpc.subnets[subnet], ip), ...pub, groups, instance: name, ...is };
}

/** In an IPv6 subnet the IPv4 address, as a number, is the end of the IPv6 address. */
function ipv6(subnet: Subnet | undefined, ip: string): { readonly ip6?: string } {
  if (subnet?.ipv6Cidr === undefined) return {};
  const bits = bitsOf(subnet.ipv6Cidr.split("/")[0] ?? "").slice(0, 96) + bitsOf(ip);
  return { ip6: (bits.match(/.{16}/g) ?? []).map((group) => Number.parseInt(group, 2).toString(16)).join(":") };
}
