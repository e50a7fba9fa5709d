// Who reaches whom, by EC2's rules, in the plainest way there is: move the packet, stop at the first thing that forbids it, then move the
// answer. Written without looking at the product's analysis or at what its driver compiles, and it shares no code with either: only the
// types of the model. Slow, and meant to be read.
import type { RouteTarget, Vpc, World } from "../../../src/model/world.ts";
import { isIn, lengthOf, plus } from "./blocks.ts";
import { Gates, type Packet, type Sent } from "./gates.ts";
import type { Hop } from "./hops.ts";
import { nodesOf, type Node } from "./nodes.ts";
import { writtenOut } from "./written-out.ts";

export type { Sent } from "./gates.ts";
export { nodesOf, type Node } from "./nodes.ts";

export type Sender = Node | "host";

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
  /** Set when the packet is an answer. */
  readonly #flow: Flow | undefined;
  readonly #gates: Gates;

  constructor(world: World, flow?: Flow) {
    this.#world = world;
    this.#nodes = nodesOf(world);
    this.#flow = flow;
    this.#gates = new Gates(world, this.#nodes, flow !== undefined);
  }

  move(from: Node | "host" | "internet", packet: Packet): There | undefined {
    return typeof from === "string" ? this.#outside(packet) : this.#send(from, packet, 0);
  }

  #send(node: Node, packet: Packet, routers: number): There | undefined {
    const vpc = this.#gates.vpc(node.vpc);
    const target = this.#route(vpc, node.subnet, packet.dst);
    const peer = target?.kind === "peering" ? this.#partner(vpc, target.name) : undefined;
    if (routers > 6 || node.stopped || this.#gates.isPulled(vpc, node) || !this.#gates.groupsLet(vpc, node, packet, "egress", peer)) return undefined;
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
        if (!vpc.internetGateway || src === undefined || !this.#gates.pass(vpc, packet, { node }, {})) return undefined;
        return this.#outside({ ...packet, src });
      }
      case "egress-only-internet-gateway": {
        const may = vpc.egressOnlyInternetGateway === true && packet.src.includes(":") && this.#flow === undefined;
        return may && this.#gates.pass(vpc, packet, { node }, {}) ? this.#outside(packet) : undefined;
      }
      default:
        return undefined;
    }
  }

  #route(vpc: Vpc, subnetName: string, dst: string): RouteTarget | { readonly kind: "local" } | undefined {
    const subnet = this.#gates.subnet(vpc, subnetName);
    if (isIn(subnet.cidr, dst) || (subnet.ipv6Cidr !== undefined && isIn(subnet.ipv6Cidr, dst))) return { kind: "local" };
    const blocks = [vpc.cidr, ...(vpc.secondaryCidrs ?? []), ...(vpc.ipv6Cidr === undefined ? [] : [vpc.ipv6Cidr])];
    const local = blocks.map((destination) => ({ destination, target: { kind: "local" } as const }));
    const fitting = [...local, ...writtenOut(this.#world, vpc, subnet)].filter(({ destination }) => isIn(destination, dst));
    // Sorting is stable: of two that are equally long the local one stays first, and a list's comes after the others.
    return fitting.toSorted((a, b) => lengthOf(b.destination) - lengthOf(a.destination))[0]?.target;
  }

  #forward(vpc: Vpc, node: Node, name: string, packet: Packet, routers: number): There | undefined {
    const router = this.#nodes.find((one) => one.vpc === vpc.name && one.instance === name);
    if (router === undefined || !router.forwards || router.stopped || router === node || this.#gates.isPulled(vpc, router)) return undefined;
    if (router.ip === packet.dst || router.ip6 === packet.dst) return this.#arrive(vpc, packet, { node });
    if (!this.#gates.pass(vpc, packet, { node }, { node: router }) || !this.#gates.groupsLet(vpc, router, packet, "ingress")) return undefined;
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
    return this.#gates.pass(vpc, packet, { node }, {}) ? this.#arrive(this.#gates.vpc(other.vpc), packet, {}, vpc.name) : undefined;
  }

  #partner(vpc: Vpc, name: string): string | undefined {
    const peering = this.#world.peerings?.[name];
    return peering?.requester.vpc === vpc.name ? peering.accepter.vpc : peering?.requester.vpc;
  }

  #translate(vpc: Vpc, node: Node, name: string, packet: Packet): There | undefined {
    const gateway = vpc.natGateways?.[name];
    if (gateway === undefined || this.#flow !== undefined || packet.src.includes(":") || !vpc.internetGateway) return undefined;
    const inside = { subnet: gateway.subnet };
    if (!this.#gates.pass(vpc, packet, { node }, inside)) return undefined;
    if (this.#route(vpc, gateway.subnet, packet.dst)?.kind !== "internet-gateway") return undefined;
    if (!this.#gates.pass(vpc, { ...packet, src: gateway.address }, inside, {})) return undefined;
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
      const vpc = this.#gates.vpc(node.vpc);
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
    const routes = writtenOut(this.#world, vpc, this.#gates.subnet(vpc, node.subnet));
    return routes.some(({ destination, target }) => destination.includes(":") && target.kind === "internet-gateway");
  }

  #backThroughNat(packet: Packet): There | undefined {
    const nat = this.#flow?.nat;
    const vpc = nat && this.#gates.vpc(nat.vpc);
    const gateway = nat && vpc?.natGateways?.[nat.name];
    if (nat === undefined || vpc === undefined || gateway === undefined || gateway.publicAddress !== packet.dst) return undefined;
    const inside = { subnet: gateway.subnet };
    if (!vpc.internetGateway || !this.#gates.pass(vpc, { ...packet, dst: gateway.address }, {}, inside)) return undefined;
    return this.#arrive(vpc, { ...packet, dst: nat.client }, inside);
  }

  #arrive(vpc: Vpc, packet: Packet, last: Hop, peer?: string): There | undefined {
    const node = this.#nodes.find((one) => one.vpc === vpc.name && (one.ip === packet.dst || one.ip6 === packet.dst));
    if (node === undefined || node.stopped || this.#gates.isPulled(vpc, node)) return undefined;
    return this.#gates.pass(vpc, packet, last, { node }) && this.#gates.groupsLet(vpc, node, packet, "ingress", peer) ? { at: node, packet } : undefined;
  }
}

const hostAddress = (world: World): string => plus(world.publicPool ?? "198.18.0.0/15", 1);
