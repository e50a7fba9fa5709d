import { containsAddress, literalCidr4, tryParseIpv4 } from "../model/cidr.ts";
import type { Vpc } from "../model/world.ts";
import { cidrsOf } from "../model/vpc-cidrs.ts";
import { publicServers, upstreamResolvers } from "../workloads/resolvers.ts";

const linkLocal = literalCidr4("169.254.0.0/16");

/**
 * Whom a VPC's resolver asks for names outside: the host's own servers, as the router can reach them. One whose address is the VPC's too
 * would be somebody inside, and a link-local one is the resolver itself; the public servers take their place when none is left.
 */
export function upstreamFor(vpc: Vpc): readonly string[] {
  const servers = upstreamResolvers().servers.filter((server) => {
    const parsed = tryParseIpv4(server);
    return "value" in parsed && ![linkLocal, ...cidrsOf(vpc)].some((block) => containsAddress(block, parsed.value));
  });
  return servers.length > 0 ? servers : publicServers;
}
