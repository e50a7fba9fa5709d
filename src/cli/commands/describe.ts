// `describe`: what the user meant and the kernel objects it became, side by side.
import type { AttachmentLayout, VpcLayout } from "../../drivers/driver.ts";
import { exitStatus } from "../../model/errors.ts";
import { requireVpc } from "../../model/lookup.ts";
import { defaultAcl } from "../../model/network-acl.ts";
import { defaultGroup } from "../../model/security-group.ts";
import { blocksOf } from "../../model/vpc-cidrs.ts";
import { tableNameOf, type Vpc, type World } from "../../model/world.ts";
import type { Run } from "../command.ts";
import { counted } from "../count.ts";
import type { LostPartOf } from "../instance-condition.ts";
import { instanceHeading, instanceJson, instanceRows } from "../describe/instances.ts";
import type { Output } from "../output.ts";
import { dhcpOptionsJson, dhcpOptionsRows, dnsJson, dnsRows } from "../describe/dns.ts";
import { shapingRows } from "../describe/shaping.ts";
import { faultRows } from "../describe/faults.ts";
import { natGatewayRows } from "../describe/nat-gateways.ts";
import { peeringRows, peeringsJson } from "../describe/peerings.ts";
import { internetText, isPublic, routeTableRows, routeTablesJson, tableOfSubnetText } from "../describe/route-tables.ts";
import { egressOnlyRows, ipv6Json, ipv6Rows } from "../describe/ipv6.ts";
import { networkAclRows, networkAclsJson } from "../describe/network-acls.ts";
import { policiesJson, policyRows, securityGroupRows, securityGroupsJson } from "../describe/security-groups.ts";
import { formatTable } from "../table.ts";

export const run: Run = async (invocation) => {
  const engine = await invocation.engine();
  const world = engine.world();
  const vpc = requireVpc(world, invocation.argument("vpc"));
  const layout = engine.layout(world, vpc.name);
  const lostPart: LostPartOf = (of, instance) => engine.lostPart(of, instance);
  if (invocation.output.json) invocation.output.printJson({ vpc: vpcJson(world, vpc, layout, lostPart) });
  else invocation.output.print(formatVpc(world, vpc, layout, lostPart, invocation.output));
  return exitStatus.done;
};

function formatVpc(world: World, vpc: Vpc, layout: VpcLayout, lostPart: LostPartOf, output: Output): string {
  const gateway = layout.internetGateway;
  const instances = instanceRows(vpc, layout, lostPart);
  const rows = [
    ["├─ router", `namespace ${layout.namespace}, ${layout.bridges.length > 1 ? "bridges" : "bridge"} ${layout.bridges.join(", ")}`],
    [
      "├─ internet gateway",
      gateway === undefined ? "none" : `${gateway.hostLink} on the host (${gateway.hostAddress}) to igw in the router (${gateway.routerAddress})`,
    ],
    ...egressOnlyRows(vpc),
    ...dnsRows(world, vpc),
    ...dhcpOptionsRows(vpc),
    ...shapingRows(vpc),
  ];
  return [
    `${output.style("bold", `VPC ${vpc.name}`)}  ${blocksOf(vpc).join(", ")}\n`,
    formatTable(rows),
    "├─ route tables\n",
    formatTable(underBranches(routeTableRows(world, vpc), "│  ")),
    formatTable(natGatewayRows(world, vpc)),
    formatTable(peeringRows(world, vpc, layout)),
    ...(instances.length === 0 ? [] : [`├─ ${counted(instances.length, "instance")}\n`, formatTable(underHeading(instanceHeading, instances, "│  ", output))]),
    formatTable(ipv6Rows(vpc)),
    formatTable(securityGroupRows(world, vpc)),
    formatTable(policyRows(vpc)),
    formatTable(networkAclRows(vpc)),
    formatTable(faultRows(vpc)),
    `└─ ${counted(Object.keys(vpc.subnets).length, "subnet")}\n`,
    formatTable(subnetRows(world, vpc, layout, output)),
    `\n${lookCommands(vpc, layout, output)}`,
  ].join("");
}

function subnetRows(world: World, vpc: Vpc, layout: VpcLayout, output: Output): string[][] {
  const subnets = Object.values(vpc.subnets);
  if (subnets.length === 0) return [];
  // Gateway, router link and MAC follow from the rest and would make rows that no terminal holds; --json has them.
  const heading = ["NAME", "CIDR", "ROUTE TABLE", "INTERNET", "ADDRESS", "NAMESPACE"];
  const rows = subnets.map((subnet) => {
    const { address, namespace } = layoutOf(layout, subnet.name);
    return [subnet.name, subnet.cidr, tableOfSubnetText(vpc, subnet), internetText(world, vpc, subnet), address, namespace];
  });
  return underHeading(heading, rows, "   ", output);
}

function underHeading(heading: readonly string[], rows: string[][], indent: string, output: Output): string[][] {
  return [heading.map((cell, at) => output.style("dim", at === 0 ? `${indent}   ${cell}` : cell)), ...branches(rows, indent)];
}

function branches(rows: string[][], indent: string): string[][] {
  return rows.map(([first = "", ...others], at) => [`${indent}${at === rows.length - 1 ? "└─" : "├─"} ${first}`, ...others]);
}

/** As branches, where a branch may have more than one row. */
function underBranches(groups: string[][][], indent: string): string[][] {
  return groups.flatMap((rows, at) => {
    const isLast = at === groups.length - 1;
    return rows.map(([first = "", ...others], row) => [`${indent}${row > 0 ? (isLast ? "  " : "│ ") : isLast ? "└─" : "├─"} ${first}`, ...others]);
  });
}

function lookCommands(vpc: Vpc, layout: VpcLayout, output: Output): string {
  const [firstSubnet] = Object.keys(vpc.subnets);
  const inside = firstSubnet === undefined ? layout.namespace : layoutOf(layout, firstSubnet).namespace;
  return [
    `${output.style("bold", "Look at it with ordinary tools")}\n`,
    formatTable(
      [
        [`ip netns exec ${inside} ip address`, firstSubnet === undefined ? "the router's addresses" : `what subnet ${firstSubnet} has`],
        [`ip netns exec ${layout.namespace} ip route show table all`, "where the router sends packets"],
        [`ip netns exec ${layout.namespace} nft list ruleset`, "what the router lets pass and translates"],
      ],
      "  ",
    ),
  ].join("");
}

function layoutOf(layout: VpcLayout, subnet: string): AttachmentLayout {
  const found = layout.subnets[subnet];
  if (found === undefined) throw new Error(`the driver's layout has no subnet ${subnet}`);
  return found;
}

function vpcJson(world: World, vpc: Vpc, layout: VpcLayout, lostPart: LostPartOf): object {
  return {
    name: vpc.name,
    cidr: vpc.cidr,
    secondaryCidrs: vpc.secondaryCidrs ?? [],
    namespace: layout.namespace,
    bridges: layout.bridges,
    internetGateway: layout.internetGateway ?? null,
    ipv6: ipv6Json(vpc),
    dns: dnsJson(vpc),
    dhcpOptions: dhcpOptionsJson(vpc),
    routeTables: routeTablesJson(world, vpc),
    natGateways: Object.values(vpc.natGateways ?? {}),
    peerings: peeringsJson(world, vpc),
    egressOnlyInternetGateway: vpc.egressOnlyInternetGateway ?? false,
    instances: instanceJson(vpc, layout, lostPart),
    securityGroups: securityGroupsJson(world, vpc),
    policies: policiesJson(vpc),
    networkAcls: networkAclsJson(vpc),
    faults: vpc.faults ?? [],
    subnets: Object.values(vpc.subnets).map((subnet) => ({
      name: subnet.name,
      cidr: subnet.cidr,
      networkAcl: subnet.networkAcl ?? defaultAcl,
      securityGroups: subnet.securityGroups ?? [defaultGroup],
      routeTable: tableNameOf(vpc, subnet),
      // As EC2 calls it. What is implicit follows the main table.
      routeTableAssociation: subnet.routeTable === undefined ? "implicit" : "explicit",
      internet: isPublic(world, vpc, subnet),
      publicAddress: subnet.publicAddress ?? null,
      shaping: subnet.shaping ?? null,
      ...layoutOf(layout, subnet.name),
    })),
  };
}
