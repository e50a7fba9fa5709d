// What may stop a packet on its way, as the oracle sees it: groups and policies, ACLs, partitions and pulled wires.
import type { AclEntry } from "../../../src/model/network-acl.ts";
import type { RulePeer, Traffic } from "../../../src/model/security-group.ts";
import type { Subnet, Vpc, World } from "../../../src/model/world.ts";
import { isIn } from "./blocks.ts";
import { cuts, isThere, type Hop } from "./hops.ts";
import type { Node } from "./nodes.ts";

export interface Sent {
  readonly protocol: "tcp" | "udp" | "icmp" | "icmpv6";
  /** tcp and udp. */
  readonly port?: number;
  /** icmp and icmpv6: 8 and 128 are echo. */
  readonly type?: number;
}

export interface Packet extends Sent {
  readonly src: string;
  readonly dst: string;
}

export class Gates {
  readonly #world: World;
  readonly #nodes: readonly Node[];
  /** Groups let answers pass. */
  readonly #isAnswer: boolean;

  constructor(world: World, nodes: readonly Node[], isAnswer: boolean) {
    this.#world = world;
    this.#nodes = nodes;
    this.#isAnswer = isAnswer;
  }

  /** Partitions and ACLs between one hop and the next. */
  pass(vpc: Vpc, packet: Packet, from: Hop, to: Hop): boolean {
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
    const acl = vpc.networkAcls?.[this.subnet(vpc, subnetName).networkAcl ?? "default"];
    // Only the default one, which allows all, may be missing.
    if (acl === undefined) return true;
    const fits = (entry: AclEntry) => isIn(entry.cidr, way === "egress" ? packet.dst : packet.src) && isAbout(entry, packet);
    return acl[way].toSorted((a, b) => a.number - b.number).find(fits)?.action === "allow";
  }

  /** `peer`: the VPC on the other side of a peering, when the packet crosses one in this step. */
  groupsLet(vpc: Vpc, node: Node, packet: Packet, way: "ingress" | "egress", peer?: string): boolean {
    if (this.#isAnswer) return true;
    const other = way === "egress" ? packet.dst : packet.src;
    const policy = this.subnet(vpc, node.subnet).policy;
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

  isPulled(vpc: Vpc, node: Node): boolean {
    return (vpc.faults ?? []).some((fault) => fault.kind === "link-down" && isThere(fault.a, { node }));
  }

  vpc(name: string): Vpc {
    const vpc = this.#world.vpcs[name];
    if (vpc === undefined) throw new Error(`no VPC ${name}`);
    return vpc;
  }

  subnet(vpc: Vpc, name: string): Subnet {
    const subnet = vpc.subnets[name];
    if (subnet === undefined) throw new Error(`no subnet ${name}`);
    return subnet;
  }
}

function isAbout(rule: Traffic, packet: Packet): boolean {
  if (rule.protocol === "all") return true;
  if (rule.protocol !== packet.protocol) return false;
  if (rule.ports !== undefined && packet.port !== undefined) return packet.port >= rule.ports.from && packet.port <= rule.ports.to;
  if (rule.icmp !== undefined) return rule.icmp.type === packet.type && (rule.icmp.code ?? 0) === 0;
  return true;
}
