// Foreign JSON -> World, for what the store reads. Written by hand: it runs on every start, and a schema library would cost more than the
// whole command. It checks shape first and then what shape cannot say: subnets inside their VPC and apart, references that lead somewhere,
// numbers and slots given once. Whoever holds a World relies on these and checks none of them again.
import { cidrRange } from "./cidr.ts";
import { VpcctlError } from "./errors.ts";
import { limits, rangeProblem, sizeProblem } from "./limits.ts";
import { checkCidr, checkRecord, checkUnique, isRecord, Problems, type Fields } from "./validate/checks.ts";
import { checkIpv6 } from "./validate/ipv6.ts";
import { checkShapedSubnets, checkShaping } from "./validate/shaping.ts";
import { checkDhcpOptions } from "./validate/dhcp-options.ts";
import { checkDns } from "./validate/dns.ts";
import { checkGateways, checkNatGatewayPlaces, checkPublicAddresses, checkPublicSide } from "./validate/gateways.ts";
import { checkFaults } from "./validate/fault.ts";
import { checkGroups, checkInstancePlaces, checkInstances } from "./validate/instance.ts";
import { checkAclPlaces, checkNetworkAcls } from "./validate/network-acl.ts";
import { checkPeerings } from "./validate/peering.ts";
import { checkGroupReferences, checkPolicy, checkPrefixLists, checkSecurityGroups } from "./validate/security-group.ts";
import { checkListReferences, checkRouteTable } from "./validate/route-table.ts";
import { checkSecondaryCidrs } from "./validate/secondary-cidrs.ts";
import { blockAround, cidrsOf } from "./vpc-cidrs.ts";
import { defaultMainTable, findRouteTable, type Subnet, type Vpc, type World } from "./world.ts";

/** The value itself, when it is a World. Throws StoreTooNew, or StoreCorrupt with every problem and its path in the details. */
export function validateWorld(value: unknown): World {
  const problems = new Problems();
  if (isRecord(value) && typeof value["schema"] === "number" && value["schema"] > 3) {
    throw new VpcctlError({
      code: "StoreTooNew",
      message: `The saved state has schema ${value["schema"]}; this version reads schemas up to 3.`,
      hint: "Use the version of vpcctl that wrote it, or a newer one.",
    });
  }
  if (isRecord(value)) checkWorld(value, problems);
  else problems.add("", "is not an object");
  if (problems.found.length === 0) return value as World;
  throw new VpcctlError({
    code: "StoreCorrupt",
    message: `The saved state is damaged: ${problems.found[0]}${problems.found.length > 1 ? ` (and ${problems.found.length - 1} more)` : ""}.`,
    hint: "Take everything away and start afresh: vpcctl cleanup",
    details: problems.found,
  });
}

function checkWorld(world: Fields, problems: Problems): void {
  if (![1, 2, 3].includes(world["schema"] as number)) problems.add("schema", "is not 3");
  const vpcs = checkRecord(world["vpcs"], "vpcs", "VPC", problems, checkVpc);
  checkUnique(vpcs, "number", 1, limits.vpcs.value, "vpcs", problems);
  checkIpv6(vpcs, problems);
  if (world["peerings"] !== undefined) checkPeerings(world, problems);
  checkPublicSide(world, problems);
  if (problems.found.length === 0) checkPublicAddresses(world as unknown as World, problems);
  if (world["prefixLists"] !== undefined) checkPrefixLists(world["prefixLists"], "prefixLists", problems);
  if (problems.found.length === 0) checkGroupReferences(world as unknown as World, problems);
  if (problems.found.length === 0) checkListReferences(world as unknown as World, problems);
}

function checkVpc(vpc: Fields, path: string, problems: Problems): void {
  const cidr = checkCidr(vpc["cidr"], `${path}.cidr`, problems);
  const why = cidr && (sizeProblem(cidr, true) ?? rangeProblem(cidr));
  if (why !== undefined) problems.add(`${path}.cidr`, `cannot be ${cidr}: ${why}`);
  if (typeof vpc["internetGateway"] !== "boolean") problems.add(`${path}.internetGateway`, "is neither true nor false");

  const tables = checkRecord(vpc["routeTables"], `${path}.routeTables`, "route table", problems, checkRouteTable);
  checkUnique(tables, "number", 1, Number.MAX_SAFE_INTEGER, `${path}.routeTables`, problems);
  const main = vpc["mainRouteTable"] ?? defaultMainTable;
  if (typeof main !== "string") problems.add(`${path}.mainRouteTable`, "is not a name");
  else if (!tables.some((table) => table["name"] === main)) problems.add(`${path}.mainRouteTable`, `names ${main}, which does not exist`);

  const soundSoFar = problems.found.length;
  const subnets = checkRecord(vpc["subnets"], `${path}.subnets`, "subnet", problems, checkSubnet);
  checkUnique(subnets, "slot", 0, limits.attachmentsPerVpc.value - 1, `${path}.subnets`, problems);
  checkGateways(vpc, subnets, path, problems);
  checkShapedSubnets(subnets, `${path}.subnets`, problems);
  if (vpc["dns"] !== undefined) checkDns(vpc["dns"], String(vpc["name"]), `${path}.dns`, problems);
  if (vpc["dhcpOptions"] !== undefined) checkDhcpOptions(vpc["dhcpOptions"], `${path}.dhcpOptions`, problems);
  if (vpc["securityGroups"] !== undefined) checkSecurityGroups(vpc["securityGroups"], `${path}.securityGroups`, problems);
  if (vpc["networkAcls"] !== undefined) checkNetworkAcls(vpc["networkAcls"], `${path}.networkAcls`, problems);
  if (vpc["instances"] !== undefined) checkInstances(vpc["instances"], `${path}.instances`, problems);
  if (vpc["secondaryCidrs"] !== undefined) checkSecondaryCidrs(vpc["secondaryCidrs"], cidr, `${path}.secondaryCidrs`, problems);
  if (problems.found.length === soundSoFar && cidr !== undefined && isRecord(vpc["routeTables"])) {
    checkPlaces(vpc as unknown as Vpc, `${path}.subnets`, problems);
    checkAclPlaces(vpc as unknown as Vpc, path, problems);
    checkFaults(vpc as unknown as Vpc, `${path}.faults`, problems);
    checkInstancePlaces(vpc as unknown as Vpc, `${path}.instances`, problems);
    checkNatGatewayPlaces(vpc as unknown as Vpc, `${path}.natGateways`, problems);
  }
}

function checkSubnet(subnet: Fields, path: string, problems: Problems): void {
  checkShaping(subnet["shaping"], `${path}.shaping`, problems);
  const cidr = checkCidr(subnet["cidr"], `${path}.cidr`, problems);
  const why = cidr && sizeProblem(cidr, true);
  if (why !== undefined) problems.add(`${path}.cidr`, `cannot be ${cidr}: ${why}`);
  if (subnet["routeTable"] !== undefined && typeof subnet["routeTable"] !== "string") problems.add(`${path}.routeTable`, "is not a name");
  checkGroups(subnet["securityGroups"], `${path}.securityGroups`, problems);
  checkPolicy(subnet["policy"], `${path}.policy`, problems);
}

/** What needs the VPC and all subnets together. */
function checkPlaces(vpc: Vpc, path: string, problems: Problems): void {
  const subnets = Object.values(vpc.subnets);
  for (const { name, cidr, routeTable } of subnets) {
    if (blockAround(vpc, cidr) === undefined) problems.add(`${path}.${name}.cidr`, `is not inside ${cidrsOf(vpc).join(" or ")}`);
    if (routeTable !== undefined && findRouteTable(vpc, routeTable) === undefined) problems.add(`${path}.${name}.routeTable`, `names ${routeTable}, which does not exist`);
  }
  let previous: Subnet | undefined;
  let end = 0;
  for (const subnet of subnets.toSorted((a, b) => cidrRange(a.cidr).base - cidrRange(b.cidr).base)) {
    const { base, size } = cidrRange(subnet.cidr);
    if (previous !== undefined && base < end) problems.add(`${path}.${subnet.name}.cidr`, `overlaps ${previous.name}, which has ${previous.cidr}`);
    if (base + size > end) [previous, end] = [subnet, base + size];
  }
}
