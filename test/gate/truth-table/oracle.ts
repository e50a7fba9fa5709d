// Who reaches whom, by EC2's rules, in the plainest way there is: move the packet, stop at the first thing that forbids it, then move the
// answer. Written without looking at the product's analysis or at what its driver compiles, and it shares no code with either: only the
// types of the model. Slow, and meant to be read.
import type { Fault, FaultPlace } from "../../../src/model/fault.ts";
import type { AclEntry } from "../../../src/model/network-acl.ts";
import type { RulePeer, Traffic } from "../../../src/model/security-group.ts";
import type { RouteTarget, Subnet, Vpc, World } from "../../../src/model/world.ts";

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

export type Sender = Node | "host";

export interface Sent {
  readonly protocol: "tcp" | "udp" | "icmp" | "icmpv6";
  /** tcp and udp. */
  readonly port?: number;
  /** icmp and icmpv6: 8 and 128 are echo. */
  readonly type?: number;
}

interface Packet extends Sent {
  readonly src: string;
  readonly dst: string;
}

/** Where a packet ended up and how it looks there. */
interface There {
  readonly at: Node | "host" | "internet";
  readonly packet: Packet;
  readonly nat?: Nat;
  /** Called at a public IPv4 address: the answer must leave by the internet gateway, and by nothing before it. */
  readonly called?: true;
}

interface Nat {
  readonly vpc: string;
  readonly name: string;
  readonly client: string;
}

/** The answer goes to a port of the client's; any between 32768 and 60999 is like any other to the rules that the tests make. */
const clientPort = 40_000;
const hostAddress6 = "fd76:7063:746c::1";
const internetAddresses = ["8.8.8.8", "2001:4860:4860::8888"];
const answerTypes: Readonly<Record<number, number>> = { 8: 0, 128: 129 };

/** All nodes of a World. */
export function nodesOf(world: World): Node[] {
  return Object.values(world.vpcs).flatMap((vpc) => [
    ...Object.values(vpc.subnets).map((subnet) => ({
      ...{ vpc: vpc.name, path: subnet.name, subnet: subnet.name, ip: plus(subnet.cidr, 4), ...ipv6(subnet, plus(subnet.cidr, 4)), groups: subnet.securityGroups ?? ["default"] },
      ...{ stopped: false, forwards: false, ...(subnet.publicAddress === undefined ? {} : { pub: subnet.publicAddress }) },
    })),
    ...Object.values(vpc.instances ?? {}).map((one) => ({
      ...{ vpc: vpc.name, path: `${one.subnet}/${one.name}`, subnet: one.subnet, ip: one.address, ...ipv6(vpc.subnets[one.subnet], one.address) },
      ...{ groups: one.securityGroups ?? ["default"], instance: one.name },
      ...{ stopped: one.state !== "running", forwards: one.sourceDestCheck === false, ...(one.publicAddress === undefined ? {} : { pub: one.publicAddress }) },
    })),
  ]);
}

/** In an IPv6 subnet the IPv4 address, as a number, is the end of the IPv6 address. */
function ipv6(subnet: Subnet | undefined, ip: string): { readonly ip6?: string } {
  if (subnet?.ipv6Cidr === undefined) return {};
  const bits = bitsOf(subnet.ipv6Cidr.split("/")[0] ?? "").slice(0, 96) + bitsOf(ip);
  return { ip6: (bits.match(/.{16}/g) ?? []).map((group) => Number.parseInt(group, 2).toString(16)).join(":") };
}

/** Does it get there, and its answer back? */
export function oracle(world: World, from: Sender, dst: string, sent: Sent): boolean {
  const src = from === "host" ? (dst.includes(":") ? hostAddress6 : hostAddress(world)) : dst.includes(":") ? (from.ip6 ?? "") : from.ip;
  const there = new Mover(world).move(from, { ...sent, src, dst });
  if (there === undefined) return false;
  const { packet } = there;
  const answer = packet.type === undefined ? { ...packet, port: clientPort } : { ...packet, type: answerTypes[packet.type] ?? -1 };
  const back = new Mover(world, { nat: there.nat, called: there.called }).move(there.at, { ...answer, src: packet.dst, dst: packet.src });
  if (back === undefined) return false;
  return from === "host" || back.at === "host" || back.at === "internet" ? back.at === from : back.at.vpc === from.vpc && back.at.path === from.path;
}

/** What the question left behind for its answer. */
interface Flow {
  readonly nat: Nat | undefined;
  readonly called: true | undefined;
}

class Mover {
  readonly #world: World;
  readonly #nodes: readonly Node[];
  /** Set when the packet is an answer; groups let it pass then. */
  readonly #flow: Flow | undefined;

  constructor(world: World, flow?: Flow) {
    this.#world = world;
    this.#nodes = nodesOf(world);
    this.#flow = flow;
  }

  move(from: Node | "host" | "internet", packet: Packet): There | undefined {
    return typeof from === "string" ? this.#outside(packet) : this.#send(from, packet, 0);
  }

  #send(node: Node, packet: Packet, routers: number): There | undefined {
    const vpc = this.#vpc(node.vpc);
    const target = this.#route(vpc, node.subnet, packet.dst);
    const peer = target?.kind === "peering" ? this.#partner(vpc, target.name) : undefined;
    if (routers > 6 || node.stopped || this.#isPulled(vpc, node) || !this.#groupsLet(vpc, node, packet, "egress", peer)) return undefined;
    switch (target?.kind) {
      case "local":
        return this.#arrive(vpc, packet, { node });
      case "instance":
        return this.#flow?.called === true ? undefined : this.#forward(vpc, node, target.name, packet, routers);
      case "peering":
        return this.#peer(vpc, node, target.name, packet);
      case "nat-gateway":
        return this.#translate(vpc, node, target.name, packet);
      case "internet-gateway": {
        const owner = this.#nodes.find((one) => one.vpc === vpc.name && one.ip === packet.src);
        const src = packet.src.includes(":") ? packet.src : owner?.pub;
        if (!vpc.internetGateway || src === undefined || !this.#pass(vpc, packet, { node }, {})) return undefined;
        return this.#outside({ ...packet, src });
      }
      case "egress-only-internet-gateway": {
        const may = vpc.egressOnlyInternetGateway === true && packet.src.includes(":") && this.#flow === undefined;
        return may && this.#pass(vpc, packet, { node }, {}) ? this.#outside(packet) : undefined;
      }
      default:
        return undefined;
    }
  }

  #route(vpc: Vpc, subnetName: string, dst: string): RouteTarget | { readonly kind: "local" } | undefined {
    const subnet = this.#subnet(vpc, subnetName);
    if (isIn(subnet.cidr, dst) || (subnet.ipv6Cidr !== undefined && isIn(subnet.ipv6Cidr, dst))) return { kind: "local" };
    const blocks = [vpc.cidr, ...(vpc.secondaryCidrs ?? []), ...(vpc.ipv6Cidr === undefined ? [] : [vpc.ipv6Cidr])];
    const routes = [...blocks.map((destination) => ({ destination, target: { kind: "local" } as const })), ...(vpc.routeTables[subnet.routeTable]?.routes ?? [])];
    const fitting = routes.filter(({ destination }) => isIn(destination, dst));
    // Sorting is stable: of two that are equally long, the local one stays first.
    return fitting.toSorted((a, b) => lengthOf(b.destination) - lengthOf(a.destination))[0]?.target;
  }

  #forward(vpc: Vpc, node: Node, name: string, packet: Packet, routers: number): There | undefined {
    const router = this.#nodes.find((one) => one.vpc === vpc.name && one.instance === name);
    if (router === undefined || !router.forwards || router.stopped || router === node || this.#isPulled(vpc, router)) return undefined;
    if (!this.#pass(vpc, packet, { node }, { node: router }) || !this.#groupsLet(vpc, router, packet, "ingress")) return undefined;
    return this.#send(router, packet, routers + 1);
  }

  #peer(vpc: Vpc, node: Node, name: string, packet: Packet): There | undefined {
    const peering = this.#world.peerings?.[name];
    if (peering === undefined || peering.status !== "active") return undefined;
    const { requester, accepter } = peering;
    const own = requester.vpc === vpc.name ? requester : accepter;
    const other = requester.vpc === vpc.name ? accepter : requester;
    const may = (cidrs: readonly string[] | undefined, address: string) => cidrs === undefined || cidrs.some((cidr) => isIn(cidr, address));
    if (own.vpc !== vpc.name || !may(own.cidrs, packet.src) || !may(other.cidrs, packet.dst)) return undefined;
    return this.#pass(vpc, packet, { node }, {}) ? this.#arrive(this.#vpc(other.vpc), packet, {}, vpc.name) : undefined;
  }

  #partner(vpc: Vpc, name: string): string | undefined {
    const peering = this.#world.peerings?.[name];
    return peering?.requester.vpc === vpc.name ? peering.accepter.vpc : peering?.requester.vpc;
  }

  #translate(vpc: Vpc, node: Node, name: string, packet: Packet): There | undefined {
    const gateway = vpc.natGateways?.[name];
    if (gateway === undefined || this.#flow !== undefined || packet.src.includes(":") || !vpc.internetGateway) return undefined;
    const inside = { subnet: gateway.subnet };
    if (!this.#pass(vpc, packet, { node }, inside)) return undefined;
    if (this.#route(vpc, gateway.subnet, packet.dst)?.kind !== "internet-gateway") return undefined;
    if (!this.#pass(vpc, { ...packet, src: gateway.address }, inside, {})) return undefined;
    const there = this.#outside({ ...packet, src: gateway.publicAddress });
    return there && { ...there, nat: { vpc: vpc.name, name, client: packet.src } };
  }

  /** On the public side: to the host, to the internet, or into a VPC by its internet gateway. */
  #outside(packet: Packet): There | undefined {
    const { dst } = packet;
    if (internetAddresses.includes(dst)) return { at: "internet", packet };
    if (dst === hostAddress(this.#world) || dst === hostAddress6) return this.#flow === undefined ? undefined : { at: "host", packet };
    const node = this.#nodes.find((one) => one.pub === dst || (dst.includes(":") && one.ip6 === dst));
    if (node !== undefined) {
      const vpc = this.#vpc(node.vpc);
      const isOpen = vpc.internetGateway || (dst.includes(":") && this.#flow !== undefined && vpc.egressOnlyInternetGateway === true);
      if (!isOpen || (dst.includes(":") && this.#flow === undefined && !this.#isOpen6(vpc, node))) return undefined;
      if (dst.includes(":")) return this.#arrive(vpc, packet, {});
      const there = this.#arrive(vpc, { ...packet, dst: node.ip }, {});
      return there && { ...there, called: true };
    }
    return this.#backThroughNat(packet);
  }

  /** By IPv6 only those are called from outside whose routes lead there. */
  #isOpen6(vpc: Vpc, node: Node): boolean {
    const table = vpc.routeTables[this.#subnet(vpc, node.subnet).routeTable];
    return (table?.routes ?? []).some(({ destination, target }) => destination.includes(":") && target.kind === "internet-gateway");
  }

  #backThroughNat(packet: Packet): There | undefined {
    const nat = this.#flow?.nat;
    const vpc = nat && this.#vpc(nat.vpc);
    const gateway = nat && vpc?.natGateways?.[nat.name];
    if (nat === undefined || vpc === undefined || gateway === undefined || gateway.publicAddress !== packet.dst) return undefined;
    const inside = { subnet: gateway.subnet };
    if (!vpc.internetGateway || !this.#pass(vpc, { ...packet, dst: gateway.address }, {}, inside)) return undefined;
    return this.#arrive(vpc, { ...packet, dst: nat.client }, inside);
  }

  #arrive(vpc: Vpc, packet: Packet, last: Hop, peer?: string): There | undefined {
    const node = this.#nodes.find((one) => one.vpc === vpc.name && (one.ip === packet.dst || one.ip6 === packet.dst));
    if (node === undefined || node.stopped || this.#isPulled(vpc, node)) return undefined;
    return this.#pass(vpc, packet, last, { node }) && this.#groupsLet(vpc, node, packet, "ingress", peer) ? { at: node, packet } : undefined;
  }

  /** Partitions and ACLs between one hop and the next. */
  #pass(vpc: Vpc, packet: Packet, from: Hop, to: Hop): boolean {
    const parties = [from, to, this.#party(vpc, packet.src), this.#party(vpc, packet.dst)] as const;
    if ((vpc.faults ?? []).some((fault) => cuts(fault, parties))) return false;
    const left = from.node?.subnet ?? from.subnet;
    const entered = to.node?.subnet ?? to.subnet;
    if (left === entered) return true;
    return this.#aclLets(vpc, left, packet, "egress") && this.#aclLets(vpc, entered, packet, "ingress");
  }

  #party(vpc: Vpc, address: string): Hop {
    const node = this.#nodes.find((one) => one.vpc === vpc.name && [one.ip, one.ip6, one.pub].includes(address));
    const gateway = Object.values(vpc.natGateways ?? {}).find((one) => one.address === address || one.publicAddress === address);
    return node === undefined ? { subnet: gateway?.subnet } : { node };
  }

  #aclLets(vpc: Vpc, subnetName: string | undefined, packet: Packet, way: "ingress" | "egress"): boolean {
    if (subnetName === undefined) return true;
    const acl = vpc.networkAcls?.[this.#subnet(vpc, subnetName).networkAcl ?? "default"];
    // Only the default one, which allows all, may be missing.
    if (acl === undefined) return true;
    const fits = (entry: AclEntry) => isIn(entry.cidr, way === "egress" ? packet.dst : packet.src) && isAbout(entry, packet);
    return acl[way].toSorted((a, b) => a.number - b.number).find(fits)?.action === "allow";
  }

  /** `peer`: the VPC on the other side of a peering, when the packet crosses one in this step. */
  #groupsLet(vpc: Vpc, node: Node, packet: Packet, way: "ingress" | "egress", peer?: string): boolean {
    if (this.#flow !== undefined) return true;
    const other = way === "egress" ? packet.dst : packet.src;
    const policy = this.#subnet(vpc, node.subnet).policy;
    if (policy !== undefined) {
      const rules = policy[way];
      if (rules === undefined) return way === "egress";
      return rules.find((rule) => isAbout(rule, packet) && (rule.cidr === undefined || isIn(rule.cidr, other)))?.action === "allow";
    }
    return node.groups.some((name) => {
      const group = vpc.securityGroups?.[name];
      // The default group as EC2 makes it: in from itself, out to everywhere.
      if (group === undefined) return way === "egress" || this.#isPeer(vpc, { kind: "group", group: "default" }, other, peer);
      return group[way].some((rule) => isAbout(rule, packet) && this.#isPeer(vpc, rule.peer, other, peer));
    });
  }

  #isPeer(vpc: Vpc, peer: RulePeer, address: string, neighbour: string | undefined): boolean {
    if (peer.kind === "cidr") return isIn(peer.cidr, address);
    if (peer.kind === "prefix-list") return (this.#world.prefixLists?.[peer.name]?.cidrs ?? []).some((cidr) => isIn(cidr, address));
    const home = peer.vpc ?? vpc.name;
    if (home !== vpc.name && home !== neighbour) return false;
    return this.#nodes.some((one) => one.vpc === home && one.groups.includes(peer.group) && (one.ip === address || one.ip6 === address));
  }

  #isPulled(vpc: Vpc, node: Node): boolean {
    return (vpc.faults ?? []).some((fault) => fault.kind === "link-down" && isThere(fault.a, { node }));
  }

  #vpc(name: string): Vpc {
    const vpc = this.#world.vpcs[name];
    if (vpc === undefined) throw new Error(`no VPC ${name}`);
    return vpc;
  }

  #subnet(vpc: Vpc, name: string): Subnet {
    const subnet = vpc.subnets[name];
    if (subnet === undefined) throw new Error(`no subnet ${name}`);
    return subnet;
  }
}

/** One end of a step: a node, a NAT gateway (its subnet), or neither: the edge of the VPC. */
interface Hop {
  readonly node?: Node;
  readonly subnet?: string | undefined;
}

function isThere(place: FaultPlace, hop: Hop): boolean {
  if ("subnet" in place) return (hop.node?.subnet ?? hop.subnet) === place.subnet;
  return hop.node?.instance === place.instance;
}

function cuts(fault: Fault, [from, to, source, destination]: readonly [Hop, Hop, Hop, Hop]): boolean {
  if (fault.kind !== "partition") return false;
  const { a, b } = fault;
  if (b === undefined) return isThere(a, from) !== isThere(a, to);
  const between = (x: Hop, y: Hop) => (isThere(a, x) && isThere(b, y)) || (isThere(b, x) && isThere(a, y));
  return between(from, to) || between(source, destination);
}

function isAbout(rule: Traffic, packet: Packet): boolean {
  if (rule.protocol === "all") return true;
  if (rule.protocol !== packet.protocol) return false;
  if (rule.ports !== undefined && packet.port !== undefined) return packet.port >= rule.ports.from && packet.port <= rule.ports.to;
  if (rule.icmp !== undefined) return rule.icmp.type === packet.type && (rule.icmp.code ?? 0) === 0;
  return true;
}

const hostAddress = (world: World): string => plus(world.publicPool ?? "198.18.0.0/15", 1);

const lengthOf = (cidr: string): number => Number(cidr.split("/")[1]);

/** An address as its bits. */
function bitsOf(address: string): string {
  if (!address.includes(":")) return address.split(".").map((octet) => Number(octet).toString(2).padStart(8, "0")).join("");
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = tail === undefined ? left : [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right];
  return groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}

function isIn(cidr: string, address: string): boolean {
  const [base = ""] = cidr.split("/");
  return base.includes(":") === address.includes(":") && bitsOf(address).startsWith(bitsOf(base).slice(0, lengthOf(cidr)));
}

/** An IPv4 address of a block, by its number. */
function plus(cidr: string, n: number): string {
  const sum = Number.parseInt(bitsOf(cidr.split("/")[0] ?? ""), 2) + n;
  return [24, 16, 8, 0].map((shift) => Math.floor(sum / 2 ** shift) % 256).join(".");
}
