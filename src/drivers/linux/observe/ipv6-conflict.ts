// Can this machine have the IPv6 blocks that are asked for? The host routes a block that goes out to its VPC whole. Such a route would take
// hosts from a bigger network that the host reaches already, and lose those of a smaller one to it.
import { readSysctl } from "../../../kernel/sysctl.ts";
import { cidr6Range, overlaps6, tryParseCidr6, type Cidr6 } from "../../../model/cidr6.ts";
import type { Problem } from "../../../model/errors.ts";
import { leadsOutside6 } from "../../../model/gateways.ts";
import type { World } from "../../../model/world.ts";
import { hostNamespace } from "../names.ts";
import { foreignRoutes, type ForeignRoute } from "./foreign-routes.ts";

/** What stands against IPv6 in the later World that was not in the earlier one. Changes nothing. */
export function ipv6Objections(before: World, after: World): Problem[] {
  if (before.vpcs === after.vpcs) return [];
  const isNew = (name: string): boolean => after.vpcs[name]?.ipv6Cidr !== before.vpcs[name]?.ipv6Cidr;
  const vpcs = Object.values(after.vpcs).filter(({ ipv6Cidr }) => ipv6Cidr !== undefined);
  const asked = vpcs.some(({ name }) => isNew(name));
  if (asked && readSysctl(hostNamespace, "net/ipv6/conf/all/forwarding") === undefined) return [noIpv6];
  const outward = vpcs.filter((vpc) => {
    const was = before.vpcs[vpc.name];
    return leadsOutside6(vpc) && (isNew(vpc.name) || was === undefined || !leadsOutside6(was));
  });
  if (outward.length === 0) return [];
  // Ways to somebody: a route that drops says only that nobody is there, as for a block that was delegated to this host.
  const routes = foreignRoutes(10, ["unicast", "local"]);
  return outward.flatMap(({ name, ipv6Cidr }) => (ipv6Cidr === undefined ? [] : blockProblems(name, ipv6Cidr, routes)));
}

const noIpv6: Problem = {
  code: "UnsupportedKernel",
  message: "This kernel has no IPv6.",
  hint: "Leave IPv6 out, or start the kernel without ipv6.disable=1.",
};

/** What is shorter is no network but a way to everything: a default route, or a VPN that takes all private addresses. */
const shortestNetwork = 16;

/** The networks that share addresses with the block. Pure. */
export function blockProblems(vpc: string, cidr: Cidr6, routes: readonly ForeignRoute[]): Problem[] {
  const taken = routes.filter(({ destination }) => {
    const block = tryParseCidr6(destination);
    return "value" in block && cidr6Range(block.value).prefix >= shortestNetwork && overlaps6(cidr, block.value);
  });
  if (taken.length === 0) return [];
  const list = taken.map(({ destination, link }) => (link === undefined ? destination : `${destination} on ${link}`));
  const message = `The host has routes of its own to addresses of ${cidr}, the IPv6 block of VPC ${vpc}: ${list.join(", ")}.`;
  const hint = `Give it a block that is free here: vpcctl disassociate-ipv6-cidr ${vpc}, and then vpcctl associate-ipv6-cidr ${vpc}`;
  return [{ code: "HostConflict", message, hint }];
}
