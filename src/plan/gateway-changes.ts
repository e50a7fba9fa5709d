import type { AddressOwner, ElasticIp, NatGateway } from "../model/gateways.ts";
import { publicPoolOf } from "../model/public-pool.ts";
import type { Subnet, Vpc, World } from "../model/world.ts";
import type { Change } from "./change.ts";
import { change, differing } from "./differences.ts";

/** What changed about the gateways of a VPC. */
export function* gatewayChanges(vpc: string, before: Vpc | undefined, after: Vpc | undefined): Generator<Change> {
  yield* change(`internet gateway ${vpc}`, attached(before?.internetGateway), attached(after?.internetGateway));
  yield* change(`egress-only internet gateway ${vpc}`, attached(before?.egressOnlyInternetGateway), attached(after?.egressOnlyInternetGateway));
}

/** After the subnets they stand in. */
export function* natGatewayChanges(vpc: string, before: Vpc | undefined, after: Vpc | undefined): Generator<Change> {
  for (const [old, now, name] of differing<NatGateway>(before?.natGateways, after?.natGateways)) {
    yield* change(`NAT gateway ${vpc}/${name}`, old && natText(old), now && natText(now));
  }
}

const attached = (is: boolean | undefined): string | undefined => (is === true ? "attached" : undefined);

const natText = ({ address, subnet, elasticIp, publicAddress }: NatGateway): string =>
  `${address} in ${subnet}, public address ${publicAddress} (${elasticIp})`;

/** The public side of a subnet that was there before and is there now. */
export function* publicSideChanges(subject: string, before: Subnet | undefined, after: Subnet | undefined): Generator<Change> {
  if (before !== undefined && after !== undefined) yield* change(subject, publicText(before), publicText(after));
}

function publicText({ publicAddress, mapPublicIp }: Subnet): string {
  const address = `public address ${publicAddress ?? "none"}`;
  return mapPublicIp === true ? `${address}, and one for each instance` : address;
}

/** What changed about public addresses that belong to no VPC. */
export function* elasticIpChanges(before: World, after: World): Generator<Change> {
  yield* change("public pool", publicPoolOf(before), publicPoolOf(after));
  for (const [old, now, name] of differing<ElasticIp>(before.elasticIps, after.elasticIps)) {
    yield* change(`Elastic IP ${name}`, old && elasticIpText(old), now && elasticIpText(now));
  }
}

function elasticIpText({ address, association }: ElasticIp): string {
  return association === undefined ? address : `${address} of ${ownerText(association)}`;
}

function ownerText(owner: AddressOwner): string {
  if ("instance" in owner) return `instance ${owner.vpc}/${owner.instance}`;
  return "subnet" in owner ? `subnet ${owner.vpc}/${owner.subnet}` : `NAT gateway ${owner.vpc}/${owner.natGateway}`;
}
