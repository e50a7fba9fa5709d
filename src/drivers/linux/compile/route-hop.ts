// Where a route leads on this machine. A route whose target is not there, or does not work, leads nowhere: a blackhole, as EC2 calls its
// state. Nothing that a route leads to is asked when a packet comes; it is all decided here.
import { transitAddresses } from "../../../model/addresses.ts";
import { ipv6AddressOf } from "../../../model/addresses6.ts";
import { findInstanceAttachment } from "../../../model/attachment.ts";
import { isCidr6, type Cidr } from "../../../model/cidr-any.ts";
import { listsIn } from "../../../model/routes-in-force.ts";
import { findInstance, findNamed, findSubnet, routeTableOf, type RouteTarget, type Vpc, type World } from "../../../model/world.ts";
import { bridgeName, gatewayRouterLink } from "../names.ts";
import { bridgeIndex, bridgeOfSlot, gatewayRouterIndex, transitEgressOnly6, transitHost6 } from "../numbers.ts";
import { peeringHop } from "./peering.ts";

export interface Hop {
  readonly via: string;
  readonly link: string;
  readonly index: number;
  readonly why: string;
}

const why = {
  gateway: "This route table sends what is outside the VPC to the internet gateway.",
  egressOnly: "This route table lets IPv6 out by the egress-only internet gateway; from outside only answers come in.",
  nat: "This route table lets IPv4 out by a NAT gateway: its address is the next hop, and the firewall translates by the next hop.",
  peering: "This route table sends what is for the peered VPC to its router.",
  instance: "This route table sends it to an instance, which is to route on.",
};

/** The next hop for this destination; `undefined` when there is none. */
export function hopOf(world: World, vpc: Vpc, destination: Cidr, target: RouteTarget): Hop | undefined {
  const is6 = isCidr6(destination);
  switch (target.kind) {
    case "internet-gateway":
      return vpc.internetGateway ? { via: is6 ? transitHost6 : transitAddresses(vpc.number).host, ...gatewayLink, why: why.gateway } : undefined;
    case "egress-only-internet-gateway":
      return is6 && vpc.egressOnlyInternetGateway === true ? { via: transitEgressOnly6, ...gatewayLink, why: why.egressOnly } : undefined;
    case "nat-gateway": {
      const gateway = is6 ? undefined : findNamed(vpc.natGateways, target.name);
      return gateway !== undefined && vpc.internetGateway ? { via: gateway.address, ...gatewayLink, why: why.nat } : undefined;
    }
    case "peering":
      return overPeering(world, vpc, target.name, is6);
    case "instance":
      return toInstance(vpc, target.name, is6);
    case "blackhole":
      return undefined;
  }
}

const gatewayLink = { link: gatewayRouterLink, index: gatewayRouterIndex } as const;

function overPeering(world: World, vpc: Vpc, name: string, is6: boolean): Hop | undefined {
  const hop = peeringHop(world, vpc.name, name);
  const via = is6 ? hop?.via6 : hop?.via;
  return hop === undefined || via === undefined ? undefined : { via, link: hop.link, index: hop.index, why: why.peering };
}

/** With the source/destination check on, an instance gets nothing that is not for itself. */
function toInstance(vpc: Vpc, name: string, is6: boolean): Hop | undefined {
  const attachment = findInstanceAttachment(vpc, name);
  if (attachment?.instance?.state !== "running" || attachment.instance.sourceDestCheck !== false) return undefined;
  const via = is6 ? ipv6AddressOf(attachment) : attachment.address;
  const bridge = bridgeOfSlot(attachment.slot);
  return via === undefined ? undefined : { via, link: bridgeName(vpc.name, bridge), index: bridgeIndex(bridge), why: why.instance };
}

/** What decides the hop of a target, besides the VPC's number and gateways: compared by identity, so parts of the World or text. */
export function hopParts(world: World, vpc: Vpc, target: RouteTarget): readonly unknown[] {
  switch (target.kind) {
    case "peering": {
      const hop = peeringHop(world, vpc.name, target.name);
      return [hop?.via, hop?.via6];
    }
    case "instance":
      return [findInstance(vpc, target.name)];
    case "nat-gateway": {
      const gateway = findNamed(vpc.natGateways, target.name);
      const subnet = gateway && findSubnet(vpc, gateway.subnet);
      const second = subnet && routeTableOf(vpc, subnet);
      return [gateway, second, ...(second === undefined ? [] : listsIn(world, second))];
    }
    default:
      return [];
  }
}
