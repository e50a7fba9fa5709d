import { firstHost, macOf, routerAddress, transitAddresses } from "../../model/addresses.ts";
import { requireVpc } from "../../model/lookup.ts";
import type { World } from "../../model/world.ts";
import type { SubnetLayout, VpcLayout } from "../driver.ts";
import { bridgeName, gatewayHostLink, portName, routerNamespace, attachmentNamespace } from "./names.ts";
import { bridgeOfSlot } from "./numbers.ts";

/** Where the parts of a VPC are on this machine, by the names that ordinary tools show. Pure. */
export function layout(world: World, name: string): VpcLayout {
  const vpc = requireVpc(world, name);
  const transit = transitAddresses(vpc.number);
  const subnets = Object.values(vpc.subnets);
  const bridges = Math.max(0, ...subnets.map((subnet) => bridgeOfSlot(subnet.slot))) + 1;
  return {
    namespace: routerNamespace(name),
    bridges: Array.from({ length: bridges }, (_, i) => bridgeName(name, i)),
    ...(vpc.internetGateway
      ? { internetGateway: { hostLink: gatewayHostLink(name), hostAddress: transit.host, routerAddress: transit.router } }
      : {}),
    subnets: Object.fromEntries(
      subnets.map((subnet): [string, SubnetLayout] => {
        const address = firstHost(subnet.cidr);
        const namespace = attachmentNamespace(name, subnet.name);
        return [subnet.name, { namespace, routerLink: portName(subnet.name), gateway: routerAddress(subnet.cidr), address, mac: macOf(address) }];
      }),
    ),
  };
}
