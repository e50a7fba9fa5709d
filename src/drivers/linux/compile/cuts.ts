// Partitions -> which pairs of senders and receivers are cut, as numbers.
import { ipv6AddressIn } from "../../../model/addresses6.ts";
import { macOf } from "../../../model/addresses.ts";
import { attachmentsOf } from "../../../model/attachment.ts";
import { cidrRange, ipToNumber, type Ipv4 } from "../../../model/cidr.ts";
import { cidr6Range, ipv6ToNumber, type Cidr6, type Ipv6 } from "../../../model/cidr6.ts";
import type { FaultPlace } from "../../../model/fault.ts";
import { findInstance, findSubnet, type Subnet, type Vpc } from "../../../model/world.ts";
import { complement, domains, type Pair, type Range } from "./range-pairs.ts";

export interface Cuts {
  /** MAC of who hands the packet over . next hop. */
  readonly hops4: Pair[];
  readonly hops6: Pair[];
  /** Source . destination. */
  readonly ends4: Pair[];
  readonly ends6: Pair[];
  /** Elastic IP of the NAT gateway that an answer came back to . destination. */
  readonly natAnswers: Pair[];
  /** NAT gateways that may not send anything out. */
  readonly natGateways: Ipv4[];
}

/** A place in numbers. */
interface Ground {
  readonly ipv4: Range;
  readonly mac: Range;
  readonly ipv6: readonly Range[];
  /** Public addresses of who is there. */
  readonly publics: readonly Range[];
  /** NAT gateways that stand there. */
  readonly nat: readonly { readonly address: Ipv4; readonly publicAddress: Range }[];
}

/** All that the partitions of a VPC cut. */
export function cutsOf(vpc: Vpc): Cuts {
  const cuts: Cuts = { hops4: [], hops6: [], ends4: [], ends6: [], natAnswers: [], natGateways: [] };
  for (const fault of vpc.faults ?? []) {
    if (fault.kind !== "partition") continue;
    const a = groundOf(vpc, fault.a);
    const b = fault.b && groundOf(vpc, fault.b);
    if (a === undefined) continue;
    if (fault.b === undefined) cutOff(cuts, a);
    else if (b !== undefined) cutApart(cuts, a, b);
  }
  return cuts;
}

/** Everything between `a` and what is not `a`. */
function cutOff(cuts: Cuts, a: Ground): void {
  const others = complement(domains.ipv4, [a.ipv4]);
  const senders = complement(domains.mac, [a.mac]);
  cuts.hops4.push(...product([a.mac], others), ...product(senders, [a.ipv4]));
  cuts.hops6.push(...product([a.mac], complement(domains.ipv6, a.ipv6)), ...product(senders, a.ipv6));
  cuts.natAnswers.push(...product(a.nat.map(({ publicAddress }) => publicAddress), others));
  cuts.natGateways.push(...a.nat.map(({ address }) => address));
}

/** Everything between `a` and `b`, both ways. */
function cutApart(cuts: Cuts, a: Ground, b: Ground): void {
  for (const [from, to] of [[a, b], [b, a]] as const) {
    cuts.hops4.push({ from: from.mac, to: to.ipv4 });
    cuts.hops6.push(...product([from.mac], to.ipv6));
    cuts.ends4.push(...product([from.ipv4, ...from.publics], [to.ipv4, ...to.publics]));
    cuts.ends6.push(...product(from.ipv6, to.ipv6));
    cuts.natAnswers.push(...product(from.nat.map(({ publicAddress }) => publicAddress), [to.ipv4]));
  }
}

const product = (froms: readonly Range[], tos: readonly Range[]): Pair[] => froms.flatMap((from) => tos.map((to): Pair => ({ from, to })));

function groundOf(vpc: Vpc, place: FaultPlace): Ground | undefined {
  if ("subnet" in place) {
    const subnet = findSubnet(vpc, place.subnet);
    return subnet && subnetGround(vpc, subnet);
  }
  const instance = findInstance(vpc, place.instance);
  if (instance === undefined) return undefined;
  const { address, publicAddress } = instance;
  const ipv6Cidr = findSubnet(vpc, instance.subnet)?.ipv6Cidr;
  return {
    ...wires(one(address)),
    ipv6: ipv6Cidr === undefined ? [] : [one6(ipv6AddressIn(ipv6Cidr, address))],
    publics: publicAddress === undefined ? [] : [one(publicAddress)],
    nat: [],
  };
}

function subnetGround(vpc: Vpc, subnet: Subnet): Ground {
  const { base, size } = cidrRange(subnet.cidr);
  const inside = attachmentsOf(vpc).filter((attachment) => attachment.subnet === subnet);
  const gateways = Object.values(vpc.natGateways ?? {}).filter((gateway) => gateway.subnet === subnet.name);
  return {
    ...wires([BigInt(base), BigInt(base + size - 1)]),
    ipv6: subnet.ipv6Cidr === undefined ? [] : [rangeOf6(subnet.ipv6Cidr)],
    publics: [...inside, ...gateways].flatMap(({ publicAddress }) => (publicAddress === undefined ? [] : [one(publicAddress)])),
    nat: gateways.map(({ address, publicAddress }) => ({ address, publicAddress: one(publicAddress) })),
  };
}

function one(address: Ipv4): Range {
  const number = BigInt(ipToNumber(address));
  return [number, number];
}

function one6(address: Ipv6): Range {
  const number = ipv6ToNumber(address);
  return [number, number];
}

function rangeOf6(cidr: Cidr6): Range {
  const { base, size } = cidr6Range(cidr);
  return [base, base + size - 1n];
}

/** The last four bytes of a MAC are its address (see model/addresses.ts), so a range of one is a range of the other. */
function wires(ipv4: Range): Pick<Ground, "ipv4" | "mac"> {
  const prefix = BigInt(`0x${macOf("0.0.0.0" as Ipv4).replaceAll(":", "")}`);
  return { ipv4, mac: [prefix + ipv4[0], prefix + ipv4[1]] };
}
