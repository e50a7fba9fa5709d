// Two Worlds -> what changed, for a person to read. Every part of a World has a description; a part that only one World has was created
// or deleted, one whose description differs was updated. Verbs share what they do not touch, so equal references are skipped unseen:
// one new subnet among a thousand costs a walk over a thousand pointers.
import { defaultMainTable, mainTableOf, type Subnet, type Vpc, type World } from "../model/world.ts";
import type { Change } from "./change.ts";
import { ipv6Changes } from "./ipv6-changes.ts";
import { shapingChanges } from "./shaping-changes.ts";
import { change, differing } from "./differences.ts";
import { dhcpOptionsChanges, dnsChanges } from "./dns-changes.ts";
import { faultChanges } from "./fault-changes.ts";
import { elasticIpChanges, gatewayChanges, natGatewayChanges, publicSideChanges } from "./gateway-changes.ts";
import { instanceChanges } from "./instance-changes.ts";
import { peeringChanges, secondaryCidrChanges } from "./peering-changes.ts";
import { prefixListChanges } from "./prefix-list-changes.ts";
import { routeTableChanges } from "./route-changes.ts";
import { securityGroupChanges, subnetGuardChanges } from "./security-group-changes.ts";
import { networkAclChanges, networkAclText } from "./network-acl-changes.ts";

/** Creations and updates first, outer things before inner ones; deletions last, inner before outer. */
export function planChanges(before: World, after: World): Change[] {
  const ofVpcs = differing(before.vpcs, after.vpcs).flatMap(([old, now]) => [...vpcChanges(old, now)]);
  const changes = [...prefixListChanges(before, after), ...elasticIpChanges(before, after), ...ofVpcs, ...peeringChanges(before, after)];
  const deletions = changes.filter((change) => change.action === "delete");
  if (deletions.length === 0) return changes;
  return [...changes.filter((change) => change.action !== "delete"), ...deletions.toReversed()];
}

function* vpcChanges(before: Vpc | undefined, after: Vpc | undefined): Generator<Change> {
  const vpc = (after ?? before)?.name ?? "";
  const remade = before !== undefined && after !== undefined && before.number !== after.number;
  yield* change(`VPC ${vpc}`, before?.cidr, after?.cidr, remade);
  yield* secondaryCidrChanges(vpc, before, after);
  yield* gatewayChanges(vpc, before, after);
  yield* routeTableChanges(vpc, before, after);
  yield* securityGroupChanges(before, after);
  yield* networkAclChanges(vpc, before, after);
  for (const [old, now, name] of differing(before?.subnets, after?.subnets)) {
    yield* subnetChanges(`subnet ${vpc}/${name}`, old, now, [before, after]);
    yield* publicSideChanges(`subnet ${vpc}/${name}`, old, now);
    yield* subnetGuardChanges(`subnet ${vpc}/${name}`, old, now);
  }
  yield* natGatewayChanges(vpc, before, after);
  yield* ipv6Changes(vpc, before, after);
  for (const [old, now, name] of differing(before?.instances, after?.instances)) yield* instanceChanges(`instance ${vpc}/${name}`, old, now);
  yield* dnsChanges(vpc, before, after);
  yield* dhcpOptionsChanges(vpc, before, after);
  yield* shapingChanges(vpc, before, after);
  yield* faultChanges(vpc, before, after);
}

function* subnetChanges(subject: string, before: Subnet | undefined, after: Subnet | undefined, vpcs: readonly (Vpc | undefined)[]): Generator<Change> {
  if (before === undefined || after === undefined) {
    yield* change(subject, subnetText(before), subnetText(after));
    return;
  }
  yield* change(subject, before.cidr, after.cidr, before.slot !== after.slot);
  if (before.routeTable !== after.routeTable) {
    yield { action: "update", subject, detail: `route table ${tableText(vpcs[0], before)} -> ${tableText(vpcs[1], after)}` };
  }
  yield* change(subject, networkAclText(before), networkAclText(after));
}

/** A subnet may use the main table because it is the main one, or because it was associated with it. */
function tableText(vpc: Vpc | undefined, { routeTable }: Subnet): string {
  const main = vpc === undefined ? defaultMainTable : mainTableOf(vpc);
  return routeTable === main ? `${routeTable} (explicit)` : (routeTable ?? main);
}

function subnetText(subnet: Subnet | undefined): string | undefined {
  if (subnet === undefined) return undefined;
  const { cidr, routeTable, networkAcl } = subnet;
  return [cidr, ...(routeTable === undefined ? [] : [`route table ${routeTable}`]), ...(networkAcl === undefined ? [] : [networkAclText(subnet)])].join(", ");
}
