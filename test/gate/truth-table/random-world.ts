// Random Worlds of 1 to 3 VPCs. What never changes in the life of a VPC (its blocks, subnets and who is in them) follows from the seed
// alone. Everything else is made in aspects, each from the seed and a version of its own, so a change of a World is a new version of one.
import { nthAddress, overlaps, parseCidr4, type Ipv4 } from "../../../src/model/cidr.ts";
import { parseCidr } from "../../../src/model/cidr-any.ts";
import type { Fault, FaultPlace } from "../../../src/model/fault.ts";
import type { ElasticIp, NatGateway } from "../../../src/model/gateways.ts";
import type { Instance } from "../../../src/model/instance.ts";
import type { Peering, PeeringSide } from "../../../src/model/peering.ts";
import type { PrefixList } from "../../../src/model/prefix-list.ts";
import type { RouteTable, Subnet, Vpc, World } from "../../../src/model/world.ts";
import { networkAcl, securityGroup, subnetPolicy, type Vocabulary } from "./random-rules.ts";
import { blocksOf, blocksOfSubnet, bonesOf, type Bones } from "./bones.ts";
import { outside, routeTables, tableNames, withLists, type Surroundings } from "./random-routes.ts";
import { randomOf } from "./random.ts";

export const aspects = ["groups", "members", "acls", "routes", "gateways", "peerings", "policies", "faults", "states", "publics", "lists", "main"] as const;
export type Aspect = (typeof aspects)[number];
export type Versions = Readonly<Record<Aspect, number>>;

export const firstVersions = Object.fromEntries(aspects.map((aspect) => [aspect, 0])) as Versions;

const groupNames = ["default", "front", "back"] as const;
const aclNames = ["strict", "odd"] as const;
const listNames = ["offices", "friends"] as const;
const pool = parseCidr4("198.18.0.0/15");

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
  return { schema: 3, vpcs: named(vpcs), peerings: named(peerings), elasticIps: named(elasticIps), prefixLists: named(listsOf(seed, versions, bones)) };
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
    name: bone.name,
    number: bone.number,
    cidr: bone.cidr,
    internetGateway,
    ...(bone.ipv6Cidr === undefined ? {} : { ipv6Cidr: bone.ipv6Cidr }),
    ...(egressOnly ? { egressOnlyInternetGateway: true } : {}),
    routeTables: named(routeTablesOf(site, natGateways)),
    ...mainTableOf(site),
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

function routeTablesOf(site: Site, natGateways: readonly NatGateway[]): RouteTable[] {
  const surroundings = { bone: site.bone, natGateways, peers: peersOf(site) };
  const random = randomOf(site.seed, "routes", site.versions.routes, site.bone.name, "lists");
  return withLists(random, routeTables(stream(site, "routes"), surroundings), listNames, surroundings);
}

function mainTableOf(site: Site): Pick<Vpc, "mainRouteTable"> {
  const name = stream(site, "main").pick(tableNames);
  return name === "main" ? {} : { mainRouteTable: name };
}

function peersOf({ bone, bones, peerings }: Site): Surroundings["peers"] {
  return peerings.flatMap((peering) => {
    const other = bones.find(({ name }) => name !== bone.name && partners(peering).includes(name) && partners(peering).includes(bone.name));
    return other === undefined ? [] : [{ peering: peering.name, other }];
  });
}

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

function subnetsOf(site: Site, words: Vocabulary): Subnet[] {
  const { bone, addresses } = site;
  const [members, acls, routes, policies, publics] = (["members", "acls", "routes", "policies", "publics"] as const).map((aspect) => stream(site, aspect));
  return bone.subnets.map((subnet): Subnet => ({
    ...subnet,
    ...(routes?.chance(0.7) === true ? { routeTable: routes.pick(tableNames) } : {}),
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
