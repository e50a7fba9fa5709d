// A NAT gateway stands in a subnet, and what it sends on is looked up in that subnet's route table. In the kernel there is one look-up,
// so the second table is folded into the first: a route to a NAT gateway becomes a route for each part of its destination that the second
// table treats in its own way. Only what that table sends to the internet gateway leads on.
import { cidrContains, isCidr6, type Cidr } from "../../../model/cidr-any.ts";
import { routesInForce, type BlockRoute } from "../../../model/routes-in-force.ts";
import { findNamed, findSubnet, routeTableOf, type RouteTable, type Vpc, type World } from "../../../model/world.ts";

interface Part {
  readonly destination: Cidr;
  readonly leads: boolean;
}

/** `route` of `table` leads to a NAT gateway. */
export function routesByNat(world: World, vpc: Vpc, table: RouteTable, route: BlockRoute): Part[] {
  const { destination, target } = route;
  const gateway = target.kind === "nat-gateway" ? findNamed(vpc.natGateways, target.name) : undefined;
  const subnet = gateway && findSubnet(vpc, gateway.subnet);
  const second = subnet && routeTableOf(vpc, subnet);
  const routes = second === undefined ? [] : routesInForce(world, vpc, second).filter((other) => !isCidr6(other.destination));
  const whole = longest(routes.filter((other) => cidrContains(other.destination, destination)));
  const isPart = (block: Cidr): boolean => block !== destination && cidrContains(destination, block) && decides(routesInForce(world, vpc, table), route, block);
  const parts = routes.filter((other) => isPart(other.destination));
  return [{ destination, leads: leadsOut(whole) }, ...parts.map((part) => ({ destination: part.destination, leads: leadsOut(part) }))];
}

const leadsOut = (route: BlockRoute | undefined): boolean => route?.target.kind === "internet-gateway";

/** Of all routes of the table, is it this one that decides about the block? */
const decides = (routes: readonly BlockRoute[], route: BlockRoute, block: Cidr): boolean =>
  longest(routes.filter(({ destination }) => cidrContains(destination, block)))?.destination === route.destination;

const prefixOf = (block: Cidr): number => Number(block.slice(block.indexOf("/") + 1));

const longest = (routes: readonly BlockRoute[]): BlockRoute | undefined => routes.toSorted((a, b) => prefixOf(b.destination) - prefixOf(a.destination))[0];
