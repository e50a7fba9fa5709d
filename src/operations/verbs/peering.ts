import { sideText } from "../create-peering.ts";
import { acceptPeering, deletePeering, rejectPeering, type PeeringInput } from "../accept-peering.ts";
import { createPeering, type CreatePeeringInput } from "../create-peering.ts";
import { peer, unpeer, type PeerInput, type UnpeerInput } from "../peer.ts";
import { findPeering, peeringBetween } from "../../model/peering.ts";
import type { World } from "../../model/world.ts";
import { defineVerb, type Touched, type Verb, type VerbOption } from "../verb.ts";

const requesterCidr: VerbOption<"requesterCidrs"> = {
  flag: "--requester-cidr",
  key: "requesterCidrs",
  value: "CIDR",
  many: true,
  kind: "cidr",
  fallback: "all of the VPC",
  meaning: "Let only these addresses of the first VPC use the peering; part of its own.",
};

const accepterCidr: VerbOption<"accepterCidrs"> = {
  flag: "--accepter-cidr",
  key: "accepterCidrs",
  value: "CIDR",
  many: true,
  kind: "cidr",
  fallback: "all of the VPC",
  meaning: "Let only these addresses of the second VPC use the peering; part of its own.",
};

const existing = { name: "NAME", key: "name", kind: "peering", meaning: "Name of the peering." } as const;

/** The routers of two VPCs, and nothing in them. */
const routers = (...vpcs: readonly string[]): Touched[] => vpcs.map((vpc) => ({ vpc, subnets: [] }));

function routersOf(world: World, name: string): Touched[] {
  const peering = findPeering(world, name);
  return peering === undefined ? [] : routers(peering.requester.vpc, peering.accepter.vpc);
}

const createPeeringVerb = defineVerb<CreatePeeringInput>({
  name: "create-peering",
  group: "peer",
  summary: "Ask for a peering: a wire between two VPCs",
  about:
    "The two VPCs must have different CIDRs. Nothing passes before the peering is accepted, and then only where route tables of both lead over it: add the " +
    "routes with create-route, or do all of it at once with peer. Peerings are not transitive, and nobody uses the other VPC's gateways.",
  arguments: [
    { name: "NAME", key: "name", kind: "new-name", meaning: "Name of the new peering." },
    { name: "REQUESTER", key: "requester", kind: "vpc", meaning: "The VPC that asks." },
    { name: "ACCEPTER", key: "accepter", kind: "vpc", meaning: "The VPC that is asked." },
  ],
  options: [{ flag: "--accept", key: "accept", meaning: "Accept it at once." }, requesterCidr, accepterCidr],
  examples: [
    { line: "vpcctl create-peering a-b company-a company-b --accept", effect: "Connects the routers of the two VPCs; routes decide who uses it." },
    { line: "vpcctl create-peering a-b company-a company-b --accepter-cidr 10.1.2.0/24", effect: "Asks for one that reaches only that part of company-b." },
  ],
  operate: createPeering,
  touches: ({ requester, accepter }) => routers(requester, accepter),
  done: (world, { name }) => `Created peering ${name} of ${sides(world, name)}: ${statusOf(world, name)}.`,
  unchanged: (world, { name }) => `Peering ${name} of ${sides(world, name)} exists already: ${statusOf(world, name)}.`,
});

const acceptPeeringVerb = defineVerb<PeeringInput>({
  name: "accept-peering",
  group: "peer",
  summary: "Accept a peering that was asked for",
  about: "From now on packets pass, where route tables of both VPCs lead over the peering.",
  arguments: [existing],
  options: [],
  examples: [{ line: "vpcctl accept-peering a-b", effect: "Makes the peering active." }],
  operate: acceptPeering,
  touches: ({ name }, world) => routersOf(world, name),
  done: (world, { name }) => `Accepted peering ${name} of ${sides(world, name)}.`,
  unchanged: (world, { name }) => `Peering ${name} of ${sides(world, name)} is active already.`,
});

const rejectPeeringVerb = defineVerb<PeeringInput>({
  name: "reject-peering",
  group: "peer",
  summary: "Reject a peering that was asked for",
  about: "Takes the request away. A peering that was accepted cannot be rejected; delete-peering ends it.",
  arguments: [existing],
  options: [],
  examples: [{ line: "vpcctl reject-peering a-b", effect: "Takes the request away." }],
  operate: rejectPeering,
  touches: ({ name }, world) => routersOf(world, name),
  done: (_, { name }) => `Rejected peering ${name}.`,
  unchanged: (_, { name }) => `There is no peering ${name}.`,
});

const deletePeeringVerb = defineVerb<PeeringInput>({
  name: "delete-peering",
  group: "peer",
  summary: "End a peering",
  about: "Takes the wire away; flows over it end. Routes that lead over it stay, as blackholes, as in EC2; unpeer takes them away as well.",
  arguments: [existing],
  options: [],
  examples: [{ line: "vpcctl delete-peering a-b", effect: "Cuts the two VPCs off from each other." }],
  operate: deletePeering,
  touches: ({ name }, world) => routersOf(world, name),
  done: (_, { name }) => `Deleted peering ${name}.`,
  unchanged: (_, { name }) => `There is no peering ${name}.`,
});

const first = { name: "VPC", key: "vpc", kind: "vpc", meaning: "One VPC." } as const;
const second = { name: "OTHER", key: "other", kind: "vpc", meaning: "The other VPC." } as const;

const peerVerb = defineVerb<PeerInput>({
  name: "peer",
  group: "peer",
  summary: "Connect two VPCs: a peering with routes on both sides",
  about:
    "Does in one step what takes several in EC2: asks for a peering, accepts it, and adds to every route table of both VPCs a route to each CIDR of the other. " +
    "Security groups still decide who reaches whom. Run it again after adding a route table or a CIDR: it adds what is missing.",
  arguments: [first, second],
  options: [
    { flag: "--name", key: "name", value: "NAME", kind: "new-name", fallback: "VPC-OTHER", meaning: "Name of the peering." },
    requesterCidr,
    accepterCidr,
  ],
  examples: [
    { line: "vpcctl peer company-a company-b", effect: "Lets the two VPCs reach each other." },
    { line: "vpcctl peer company-a company-b --accepter-cidr 10.1.2.0/24", effect: "Lets company-a reach only that part of company-b, and only that part it." },
  ],
  operate: peer,
  touches: ({ vpc, other }) => routers(vpc, other),
  done: (world, input) => `VPCs ${input.vpc} and ${input.other} are connected by peering ${between(world, input)}, with routes on both sides.`,
  unchanged: (world, input) => `VPCs ${input.vpc} and ${input.other} are connected already, by peering ${between(world, input)}.`,
});

const unpeerVerb = defineVerb<UnpeerInput>({
  name: "unpeer",
  group: "peer",
  summary: "Cut two VPCs off from each other",
  about: "Undoes peer: ends their peering and takes the routes that lead over it from all route tables of both.",
  arguments: [first, second],
  options: [],
  examples: [{ line: "vpcctl unpeer company-a company-b", effect: "Ends the peering and takes its routes away." }],
  operate: unpeer,
  touches: ({ vpc, other }) => routers(vpc, other),
  done: (_, { vpc, other }) => `VPCs ${vpc} and ${other} are not connected any more.`,
  unchanged: (_, { vpc, other }) => `VPCs ${vpc} and ${other} are not peered.`,
});

function sides(world: World, name: string): string {
  const peering = findPeering(world, name);
  return peering === undefined ? "" : `${sideText(peering.requester)} and ${sideText(peering.accepter)}`;
}

const statusOf = (world: World, name: string): string => (findPeering(world, name)?.status === "active" ? "active" : "to be accepted");

const between = (world: World, { vpc, other }: UnpeerInput): string => peeringBetween(world, vpc, other)?.name ?? "";

export const peeringVerbs: readonly Verb[] = [peerVerb, unpeerVerb, createPeeringVerb, acceptPeeringVerb, rejectPeeringVerb, deletePeeringVerb];
