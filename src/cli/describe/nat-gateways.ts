import type { Vpc } from "../../model/world.ts";

/** Rows for `describe`; none where there are none. */
export function natGatewayRows(vpc: Vpc): string[][] {
  const gateways = Object.values(vpc.natGateways ?? {});
  if (gateways.length === 0) return [];
  const rows = gateways.map(({ name, address, subnet, publicAddress, elasticIp }, at) => [
    `│  ${at === gateways.length - 1 ? "└─" : "├─"} ${name}`,
    `${address} in ${subnet}, outside ${publicAddress} (Elastic IP ${elasticIp})`,
  ]);
  return [["├─ NAT gateways"], ...rows];
}
