// A NAT gateway has no namespace and no process: it is its private address, as the next hop of the routes that lead to it. Such a packet
// leaves over the internet gateway's link, and by its next hop the router knows under which Elastic IP (nat.ts). The answers come back to
// that address, and conntrack knows whose they are; what else comes to it is for nobody.
import { publicPoolOf } from "../../../model/public-pool.ts";
import type { NatGateway } from "../../../model/gateways.ts";
import type { Vpc, World } from "../../../model/world.ts";
import { gatewayRouterLink, routerNamespace } from "../names.ts";
import { gatewayRouterIndex, transitHostMac } from "../numbers.ts";
import type { SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { natGatewaysMap } from "./nat.ts";
import { publicRouteObjects } from "./public-address.ts";
import { ingressMap } from "./router-lists.ts";
import { nftRule } from "./rule-text.ts";

const why = {
  hop: "The NAT gateway's address is a next hop on the internet gateway's link; the host is behind it.",
  list: "What goes by this next hop leaves under the Elastic IP of the NAT gateway.",
  gate: "Whoever's route table leads to a NAT gateway may go out by it. To its address itself nobody may go: nothing listens there.",
};

const toNatChain = "to-nat-gateway";

/** `undefined` where there are none. Without an internet gateway they do not work, and are not there. */
export function natGatewaysUnit(world: World, vpc: Vpc): Unit | undefined {
  const gateways = Object.values(vpc.natGateways ?? {});
  if (gateways.length === 0 || !vpc.internetGateway) return undefined;
  const pool = publicPoolOf(world);
  return {
    vpc: vpc.name,
    madeFrom: [vpc.name, vpc.number, pool, ...gateways],
    objects: () => [gate(vpc), ...gateways.flatMap((gateway) => [...publicRouteObjects(vpc, pool, gateway.publicAddress), ...natGatewayObjects(vpc, gateway)])],
  };
}

const inRouter = ({ name }: Vpc) => ({ namespace: routerNamespace(name), family: "inet" }) as const;

const gate = (vpc: Vpc): SpecObject => ({
  kind: "nft-chain",
  ...inRouter(vpc),
  chain: toNatChain,
  rules: [nftRule(`oifname "${gatewayRouterLink}" accept`, "out by a NAT gateway; the route table has decided")],
  why: why.gate,
});

function natGatewayObjects(vpc: Vpc, { address, publicAddress }: NatGateway): SpecObject[] {
  const element = { kind: "nft-element", ...inRouter(vpc) } as const;
  return [
    { kind: "neighbour", namespace: routerNamespace(vpc.name), link: gatewayRouterLink, index: gatewayRouterIndex, address, mac: transitHostMac, why: why.hop },
    { ...element, set: natGatewaysMap, key: address, value: publicAddress, why: why.list },
    { ...element, set: ingressMap, key: address, value: `goto ${toNatChain}`, why: why.gate },
  ];
}
