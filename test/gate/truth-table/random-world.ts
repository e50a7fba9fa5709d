// Random Worlds of 1 to 3 VPCs. What never changes in the life of a VPC (its blocks, subnets and who is in them) follows from the seed
// alone. Everything else is made in aspects, each from the seed and a version of its own, so a change of a World is a new version of one.
import { nthAddress, overlaps, parseCidr4, type Cidr4, type Ipv4 } from "../../../src/model/cidr.ts";
import { parseCidr6, type Cidr6 } from "../../../src/model/cidr6.ts";
import { parseCidr, type Cidr } from "../../../src/model/cidr-any.ts";
import type { Fault, FaultPlace } from "../../../src/model/fault.ts";
import type { ElasticIp, NatGateway } from "../../../src/model/gateways.ts";
import type { Instance } from "../../../src/model/instance.ts";
import type { Peering, PeeringSide } from "../../../src/model/peering.ts";
import type { PrefixList } from "../../../src/model/prefix-list.ts";
import type { Route, RouteTable, RouteTarget, Subnet, Vpc, World } from "../../../src/model/world.ts";
import { networkAcl, securityGroup, subnetPolicy, type Vocabulary } from "./random-rules.ts";
import { randomOf, type Random } from "./random.ts";

export const aspects = ["groups", "members", "acls", "routes", "gateways", "peerings", "policies", "faults", "states", "publics", "lists"] as const;
export type Aspect = (typeof aspects)[number];
export type Versions = Readonly<Record<Aspect, number>>;

export const firstVersions = Object.fromEntries(aspects.map((aspect) => [aspect, 0])) as Versions;

interface Bones {
  readonly name: string;
  readonly number: number;
  readonly cidr: Cidr4;
  readonly ipv6Cidr?: Cidr6;
  readonly subnets: readonly { readonly name: string; readonly cidr: Cidr4; readonly ipv6Cidr?: Cidr6; readonly slot: number }[];
  readonly instances: readonly { readonly name: string; readonly subnet: string; readonly address: Ipv4; readonly slot: number; readonly router: boolean }[];
}

const groupNames = ["default", "front", "back"] as const;
const aclNames = ["strict", "odd"] as const;
const tableNames = ["main", "public", "other"] as const;
const outside = ["8.8.8.0/24", "198.18.0.0/15", "0.0.0.0/0"] as const;
const listNames = ["offices", "friends"] as const;
const pool = parseCidr4("198.18.0.0/15");

/** What the VPCs of a seed consist of. `order` gives other numbers and slots to the same. */
function bonesOf(seed: number, order: number): Bones[] {
  const random = randomOf(seed, "bones");
  const numbers = randomOf(seed, "order", order);
  const count = 1 + random.below(3);
  const vpcNumbers = numbers.shuffled([1, 2, 3, 7, 20]);
  return ["a", "b", "c"].slice(0, count).map((name, at): Bones => {
    const second = random.pick([0, 1, 2, 2 * at + 1]);
    const cidr = parseCidr4(`10.${second}.0.0/16`);
    const ipv6 = random.chance(0.5);
    // The last ones are on a second bridge.
    const slots = numbers.shuffled([0, 1, 2, 3, 4, 5, 6, 7, 8, 17, 1019, 1020, 1021, 1030]);
    const subnets = ["s", "t", "u"].slice(0, 1 + random.below(3)).map((subnet, n) => ({
      name: subnet,
      cidr: parseCidr4(random.chance(0.5) ? `10.${second}.${n}.0/24` : `10.${second}.${n}.${16 * random.below(16)}/28`),
      slot: slots.pop() ?? 0,
      ...(ipv6 && random.chance(0.85) ? { ipv6Cidr: parseCidr6(`fd00:0:${at + 1}:${n}::/64`) } : {}),
    }));
    const instances = ["i", "j", "k", "l"].slice(0, random.below(5)).map((instance, n) => {
      const subnet = random.pick(subnets);
      return { name: instance, subnet: subnet.name, address: nthAddress(subnet.cidr, 5 + n), slot: slots.pop() ?? 0, router: random.chance(0.35) };
    });
    return { name, number: vpcNumbers.pop() ?? 1, cidr, ...(ipv6 ? { ipv6Cidr: parseCidr6(`fd00:0:${at + 1}::/56`) } : {}), subnets, instances };
  });
}

/** The World of a seed. Its parts stand in another sequence, under other numbers, for another `order`; nothing else follows from that. */
export function randomWorld(seed: number, versions: Versions, order = 0): World {
  const bones = bonesOf(seed, order);
  const sequence = randomOf(seed, "sequence", order);
  const named = <T extends { readonly name: string }>(list: readonly T[]): Record<string, T> =>
    Object.fromEntries(sequence.shuffled(list).map((one) => [one.name, one]));
  const peerings = peeringsOf(seed, versions, bones);
  const addresses = publicAddresses();
  const elasticIps: ElasticIp[] = [];
  const vpcs = bones.map((bone) => vpcOf({ seed, versions, bone, bones, peerings, addresses, elasticIps, named }));
  return { schema: 2, vpcs: named(vpcs), peerings: named(peerings), elasticIps: named(elasticIps), prefixLists: named(listsOf(seed, versions, bones)) };
}

interface Site {
  readonly seed: number;
  readonly versions: Versions;
  readonly bone: Bones;
  readonly bones: readonly Bones[];
  readonly peerings: readonly Peering[];
  readonly addresses: Iterator<Ipv4, Ipv4>;
  readonly elasticIps: ElasticIp[];
  readonly named: <T extends { readonly name: string }>(list: readonly T[]) => Record<string, T>;
}

function* publicAddresses(): Generator<Ipv4, Ipv4> {
  for (let n = 2; ; n++) yield nthAddress(pool, n);
}

function vpcOf(site: Site): Vpc {
  const { bone, named } = site;
  const words = vocabularyOf(site);
  const { internetGateway, natGateways, egressOnly } = gatewaysOf(site);
  const groups = stream(site, "groups");
  const acls = stream(site, "acls");
  const faults = faultsOf(site);
  return {
    ...{ name: bone.name, number: bone.number, cidr: bone.cidr, internetGateway, ...(bone.ipv6Cidr === undefined ? {} : { ipv6Cidr: bone.ipv6Cidr }) },
    ...(egressOnly ? { egressOnlyInternetGateway: true } : {}),
    routeTables: named(tablesOf(site, natGateways)),
    subnets: named(subnetsOf(site, words)),
    instances: named(instancesOf(site)),
    natGateways: named(natGateways),
    // Without `default` among them it is as EC2 makes it.
    securityGroups: named(groupNames.filter((name) => name !== "default" || groups.chance(0.6)).map((name) => securityGroup(groups, name, words))),
    networkAcls: named(aclNames.map((name) => networkAcl(acls, name, words))),
    ...(faults.length === 0 ? {} : { faults }),
  };
}

const stream = ({ seed, versions, bone }: Pick<Site, "seed" | "versions" | "bone">, aspect: Aspect) => randomOf(seed, aspect, versions[aspect], bone.name);

function vocabularyOf({ bone, bones, peerings }: Site): Vocabulary {
  const near = bones.filter(({ name }) => name === bone.name || peerings.some((one) => partners(one).includes(bone.name) && partners(one).includes(name)));
  const foreign = near.filter((other) => other !== bone).flatMap(({ name: vpc }) => groupNames.map((group) => ({ vpc, group })));
  return { blocks: [...blocksOf(near), ...outside.map((text) => parseCidr(text))], groups: groupNames, foreign, prefixLists: listNames };
}

function blocksOf(bones: readonly Bones[]): Cidr[] {
  return bones.flatMap(({ cidr, ipv6Cidr, subnets, instances }) => [
    ...(ipv6Cidr === undefined ? [] : [ipv6Cidr]),
    ...[cidr, ...subnets.flatMap((subnet) => blocksOfSubnet(subnet)), ...instances.map(({ address }) => parseCidr(`${address}/32`))],
  ]);
}

const blocksOfSubnet = ({ cidr, ipv6Cidr }: Bones["subnets"][number]): Cidr[] => (ipv6Cidr === undefined ? [cidr] : [cidr, ipv6Cidr]);

const partners = ({ requester, accepter }: Peering): string[] => [requester.vpc, accepter.vpc];

function gatewaysOf(site: Site): { readonly internetGateway: boolean; readonly natGateways: readonly NatGateway[]; readonly egressOnly: boolean } {
  const { bone, addresses, elasticIps } = site;
  const random = stream(site, "gateways");
  const internetGateway = random.chance(0.75);
  const names = internetGateway ? random.some(["n1", "n2"], 0.5) : [];
  const natGateways = names.map((name, at): NatGateway => {
    const subnet = random.pick(bone.subnets);
    const publicAddress = addresses.next().value;
    elasticIps.push({ name: `${bone.name}-${name}`, address: publicAddress, association: { vpc: bone.name, natGateway: name } });
    return { name, subnet: subnet.name, address: nthAddress(subnet.cidr, 10 + at), elasticIp: `${bone.name}-${name}`, publicAddress };
  });
  return { internetGateway, natGateways, egressOnly: bone.ipv6Cidr !== undefined && random.chance(0.4) };
}

function tablesOf(site: Site, natGateways: readonly NatGateway[]): RouteTable[] {
  const { bone, bones, peerings } = site;
  const random = stream(site, "routes");
  const near: RouteTarget[] = [
    { kind: "internet-gateway" },
    { kind: "internet-gateway" },
    { kind: "blackhole" },
    ...natGateways.map(({ name }): RouteTarget => ({ kind: "nat-gateway", name })),
    ...bone.instances.map(({ name }): RouteTarget => ({ kind: "instance", name })),
  ];
  const targets = natGateways.length === 0 ? near : [...near, ...near.slice(3)];
  const peers = peerings.flatMap((peering) => {
    const other = bones.find(({ name }) => name !== bone.name && partners(peering).includes(name) && partners(peering).includes(bone.name));
    return other === undefined ? [] : [{ peering: peering.name, other }];
  });
  return tableNames.map((name, at) => {
    const routes: Route[] = random.some(outside, 0.45).map((text) => ({ destination: parseCidr(text), target: random.pick(targets) }));
    if (random.chance(0.5) && !routes.some(({ destination }) => destination === "0.0.0.0/0")) routes.push({ destination: parseCidr("0.0.0.0/0"), target: { kind: "internet-gateway" } });
    for (const { peering, other } of peers) {
      const target = { kind: "peering", name: peering } as const;
      if (random.chance(0.75)) routes.push({ destination: random.chance(0.7) ? other.cidr : random.pick(other.subnets).cidr, target });
      if (other.ipv6Cidr !== undefined && random.chance(0.75)) routes.push({ destination: other.ipv6Cidr, target });
    }
    if (bone.ipv6Cidr !== undefined) routes.push(...routes6(random, bone));
    return { name, number: at + 1, routes: random.shuffled(oncePerDestination(routes)) };
  });
}

const outside6 = ["::/0", "2001:4860::/32"].map((text) => parseCidr(text));

/** One gateway for a table: by IPv6 both are one wire, and a call that came in by one gets its answer out by the other. */
function routes6(random: Random, { instances }: Bones): Route[] {
  const gateway: RouteTarget = { kind: random.pick(["internet-gateway", "egress-only-internet-gateway"]) };
  const targets: RouteTarget[] = [gateway, gateway, gateway, { kind: "blackhole" }, ...instances.map(({ name }): RouteTarget => ({ kind: "instance", name }))];
  return random.some(outside6, 0.6).map((destination) => ({ destination, target: random.pick(targets) }));
}

const oncePerDestination = (routes: readonly Route[]): Route[] => [...new Map(routes.map((route) => [route.destination, route])).values()];

function subnetsOf(site: Site, words: Vocabulary): Subnet[] {
  const { bone, addresses } = site;
  const [members, acls, routes, policies, publics] = (["members", "acls", "routes", "policies", "publics"] as const).map((aspect) => stream(site, aspect));
  return bone.subnets.map((subnet): Subnet => ({
    ...subnet,
    routeTable: routes?.pick(tableNames) ?? "main",
    ...(acls?.chance(0.4) === true ? { networkAcl: acls.pick(aclNames) } : {}),
    ...someGroups(members),
    ...(policies?.chance(0.12) === true ? { policy: subnetPolicy(policies, words) } : {}),
    ...(publics?.chance(0.5) === true ? { publicAddress: addresses.next().value } : {}),
  }));
}

function someGroups(random: ReturnType<typeof randomOf> | undefined): { readonly securityGroups?: readonly string[] } {
  if (random === undefined || random.chance(0.35)) return {};
  const groups = random.some(groupNames, 0.4);
  return { securityGroups: groups.length === 0 ? [random.pick(groupNames)] : groups };
}

function instancesOf(site: Site): Instance[] {
  const { bone, addresses } = site;
  const [members, states, publics] = (["members", "states", "publics"] as const).map((aspect) => randomOf(site.seed, aspect, site.versions[aspect], bone.name, "instances"));
  return bone.instances.map(({ router, ...instance }): Instance => ({
    ...instance,
    state: states?.chance(0.12) === true ? "stopped" : "running",
    ...(router && states?.chance(0.8) === true ? { sourceDestCheck: false } : {}),
    ...someGroups(members),
    ...(publics?.chance(0.4) === true ? { publicAddress: addresses.next().value } : {}),
  }));
}

function peeringsOf(seed: number, versions: Versions, bones: readonly Bones[]): Peering[] {
  const random = randomOf(seed, "peerings", versions.peerings);
  const side = (bone: Bones): PeeringSide => {
    const cidrs = bone.subnets.filter(() => random.chance(0.7)).flatMap((subnet) => blocksOfSubnet(subnet));
    return { vpc: bone.name, ...(random.chance(0.25) && cidrs.length > 0 ? { cidrs } : {}) };
  };
  const pairs = bones.flatMap((one, at) => bones.slice(at + 1).map((other) => [one, other] as const)).filter(([one, other]) => !overlaps(one.cidr, other.cidr));
  const numbers = [1, 2, 3];
  return pairs.flatMap(([one, other]): Peering[] => {
    const number = numbers.shift() ?? 4;
    const [requester, accepter] = random.chance(0.5) ? [one, other] : [other, one];
    if (!random.chance(0.85)) return [];
    const status = random.chance(0.85) ? "active" : "pending-acceptance";
    return [{ name: `${one.name}-${other.name}`, number, requester: side(requester), accepter: side(accepter), status }];
  });
}

function listsOf(seed: number, versions: Versions, bones: readonly Bones[]): PrefixList[] {
  const random = randomOf(seed, "lists", versions.lists);
  return listNames.map((name) => ({ name, cidrs: [...new Set(random.some(blocksOf(bones), 0.3))] }));
}

function faultsOf(site: Site): Fault[] {
  const { bone } = site;
  const random = stream(site, "faults");
  const places: FaultPlace[] = [...bone.subnets.map(({ name }) => ({ subnet: name })), ...bone.instances.map(({ name }) => ({ instance: name }))];
  if (!random.chance(0.25)) return [];
  const a = random.pick(places);
  const b = random.pick(places);
  if (random.chance(0.3)) return [{ kind: "link-down", a }];
  return [random.chance(0.3) || JSON.stringify(a) === JSON.stringify(b) ? { kind: "partition", a } : { kind: "partition", a, b }];
}
