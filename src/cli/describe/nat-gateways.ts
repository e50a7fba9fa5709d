import { hasWayOut } from "../../model/gateways.ts";
import type { Vpc, World } from "../../model/world.ts";

/** Rows for `describe`; none where there are none. */
export function natGatewayRows(world: World, vpc: Vpc): string[][] {
  const gateways = Object.values(vpc.natGateways ?? {});
  if (gateways.length === 0) return [];
  const rows = gateways.map((gateway, at) => {
    const { name, address, subnet, publicAddress, elasticIp } = gateway;
    const idle = hasWayOut(world, vpc, gateway.subnet) ? "" : `; no way out: ${subnet} has no route to an internet gateway`;
    return [`│  ${at === gateways.length - 1 ? "└─" : "├─"} ${name}`, `${address} in ${subnet}, outside ${publicAddress} (Elastic IP ${elasticIp})${idle}`];
  });
  return [["├─ NAT gateways"], ...rows];
}
