// Who may ask a VPC's resolver for names outside: those who could also go there. A subnet that is shut in has no way for a message out, and
// a name is one.
import { attachmentsOf } from "./attachment.ts";
import type { Ipv4 } from "./cidr.ts";
import { anywhere6 } from "./cidr6.ts";
import { hasWayOut, leadsOutside, leadsOutside6 } from "./gateways.ts";
import { routesInForce } from "./routes-in-force.ts";
import { anywhere, findInstance, findNamed, findSubnet, routeTableOf, type RouteTarget, type Subnet, type Vpc, type World } from "./world.ts";

/** Addresses by subnet, as the default routes of the subnets lead, by either protocol. */
export function outsideAskers(world: World, vpc: Vpc): ReadonlyMap<string, readonly Ipv4[]> {
  const askers = new Map<string, Ipv4[]>();
  if (!leadsOutside(vpc)) return askers;
  const ways = new Map(Object.values(vpc.subnets).map((subnet) => [subnet.name, wayOut(world, vpc, subnet)]));
  for (const { subnet, address, publicAddress } of attachmentsOf(vpc)) {
    const way = ways.get(subnet.name);
    if (way !== "everybody" && (way !== "with a public address" || publicAddress === undefined)) continue;
    const others = askers.get(subnet.name);
    if (others === undefined) askers.set(subnet.name, [address]);
    else others.push(address);
  }
  return askers;
}

/** Who in a subnet goes out. */
type Way = "nobody" | "with a public address" | "everybody";
type Anywhere = typeof anywhere | typeof anywhere6;

function wayOut(world: World, vpc: Vpc, subnet: Subnet): Way {
  return wayTo(world, vpc, subnet, anywhere6, []) === "everybody" ? "everybody" : wayTo(world, vpc, subnet, anywhere, []);
}

/** `passed`: the router instances that the way has led by already. */
function wayTo(world: World, vpc: Vpc, subnet: Subnet, destination: Anywhere, passed: readonly string[]): Way {
  const table = routeTableOf(vpc, subnet);
  const target = table && routesInForce(world, vpc, table).find((route) => route.destination === destination)?.target;
  if (target?.kind === "instance") return wayBy(world, vpc, target.name, destination, passed);
  if (destination === anywhere6) return subnet.ipv6Cidr !== undefined && leadsOutside6(vpc) && isGateway6(vpc, target) ? "everybody" : "nobody";
  if (target?.kind === "internet-gateway" && vpc.internetGateway) return "with a public address";
  const gateway = target?.kind === "nat-gateway" ? findNamed(vpc.natGateways, target.name) : undefined;
  return gateway !== undefined && hasWayOut(world, vpc, gateway.subnet) ? "everybody" : "nobody";
}

const isGateway6 = ({ internetGateway, egressOnlyInternetGateway }: Vpc, target: RouteTarget | undefined): boolean =>
  target?.kind === "internet-gateway" ? internetGateway : target?.kind === "egress-only-internet-gateway" && egressOnlyInternetGateway === true;

/** A firewall or NAT instance takes others along where it can go itself. */
function wayBy(world: World, vpc: Vpc, name: string, destination: Anywhere, passed: readonly string[]): Way {
  const router = findInstance(vpc, name);
  const subnet = router && findSubnet(vpc, router.subnet);
  if (router?.sourceDestCheck !== false || router.state !== "running" || subnet === undefined || passed.includes(name)) return "nobody";
  const way = wayTo(world, vpc, subnet, destination, [...passed, name]);
  return way === "everybody" || (way === "with a public address" && router.publicAddress !== undefined) ? "everybody" : "nobody";
}
