// What must happen to a packet according to the World alone. test-connectivity holds real packets against these answers, so nothing here
// may ask the machine, and nothing here may be derived from what a driver compiles: it is the rules of a VPC, said once more.
import { firstHost } from "../model/addresses.ts";
import { parseIpv4, type Ipv4 } from "../model/cidr.ts";
import { requireSubnet, requireVpc } from "../model/lookup.ts";
import { findRouteTable, type RouteTable, type Subnet, type Vpc, type World } from "../model/world.ts";
import { lookupRoute, type RouteMatch } from "./route-lookup.ts";

export interface Expectation {
  readonly expected: boolean;
  /** Which rule of the model decides: one sentence. */
  readonly reason: string;
}

/** Does an echo from one subnet's own address reach another's? Throws when the VPC or a subnet does not exist. */
export function expectPair(world: World, vpcName: string, from: string, to: string): Expectation {
  const vpc = requireVpc(world, vpcName);
  const table = tableOf(vpc, requireSubnet(vpc, from));
  return judge(vpc, table, lookupRoute(vpc, table, firstHost(requireSubnet(vpc, to).cidr)), to);
}

const publicResolver = parseIpv4("8.8.8.8");

/** Does an echo from a subnet's own address reach an address on the internet? Throws when the VPC or the subnet does not exist. */
export function expectInternet(world: World, vpcName: string, subnet: string, target: Ipv4 = publicResolver): Expectation {
  const vpc = requireVpc(world, vpcName);
  const table = tableOf(vpc, requireSubnet(vpc, subnet));
  return judge(vpc, table, lookupRoute(vpc, table, target), target);
}

function judge(vpc: Vpc, table: RouteTable, match: RouteMatch | undefined, destination: string): Expectation {
  if (match === undefined) return { expected: false, reason: `Route table ${table.name} has no route to ${destination}.` };
  const route = `Route table ${table.name} sends ${match.destination}`;
  switch (match.target.kind) {
    case "local":
      return { expected: true, reason: `${route} to the VPC's own router.` };
    case "internet-gateway":
      return vpc.internetGateway
        ? { expected: true, reason: `${route} to the internet gateway.` }
        : { expected: false, reason: `${route} to an internet gateway, but VPC ${vpc.name} has none.` };
    default:
      return { expected: false, reason: `${route} nowhere.` };
  }
}

function tableOf(vpc: Vpc, subnet: Subnet): RouteTable {
  const table = findRouteTable(vpc, subnet.routeTable);
  if (table === undefined) throw new Error(`subnet ${vpc.name}/${subnet.name} uses route table ${subnet.routeTable}, which does not exist`);
  return table;
}
