import { macOf, routerAddress, transitAddresses } from "../../model/addresses.ts";
import { attachmentsOf, type Attachment } from "../../model/attachment.ts";
import { peeringsOf } from "../../model/peering.ts";
import { requireVpc } from "../../model/lookup.ts";
import type { World } from "../../model/world.ts";
import type { AttachmentLayout, VpcLayout } from "../driver.ts";
import { wireOf } from "./compile/peering.ts";
import { bridgeName, gatewayHostLink, portName, routerNamespace, attachmentNamespace } from "./names.ts";
import { bridgeOfSlot } from "./numbers.ts";

/** Where the parts of a VPC are on this machine, by the names that ordinary tools show. Pure. */
export function layout(world: World, name: string): VpcLayout {
  const vpc = requireVpc(world, name);
  const transit = transitAddresses(vpc.number);
  const attachments = attachmentsOf(vpc);
  const bridges = attachments.reduce((most, { slot }) => Math.max(most, bridgeOfSlot(slot)), 0) + 1;
  return {
    namespace: routerNamespace(name),
    bridges: Array.from({ length: bridges }, (_, i) => bridgeName(name, i)),
    ...(vpc.internetGateway
      ? { internetGateway: { hostLink: gatewayHostLink(name), hostAddress: transit.host, routerAddress: transit.router } }
      : {}),
    peerings: Object.fromEntries(peeringsOf(world, name).flatMap((view) => (view.peering.status === "active" ? [[view.peering.name, wireOf(view)]] : []))),
    subnets: byName(name, attachments.filter(({ instance }) => instance === undefined)),
    instances: byName(name, attachments.filter(({ instance }) => instance !== undefined)),
  };
}

function byName(vpc: string, attachments: readonly Attachment[]): Record<string, AttachmentLayout> {
  return Object.fromEntries(
    attachments.map(({ path, subnet, instance, address }) => {
      const namespace = attachmentNamespace(vpc, path);
      const layout = { namespace, routerLink: portName(path), gateway: routerAddress(subnet.cidr), address, mac: macOf(address) };
      return [(instance ?? subnet).name, layout];
    }),
  );
}
