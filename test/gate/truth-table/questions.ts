// All that can be asked about a World, and the two opinions that need no machine.
import { analyzePlaces } from "../../../src/analysis/analyze.ts";
import { findPlace, findTarget } from "../../../src/analysis/place.ts";
import type { World } from "../../../src/model/world.ts";
import { nodesOf, oracle, type Node, type Sender, type Sent } from "./oracle.ts";

export interface Question {
  readonly from: Sender;
  readonly dst: string;
  readonly sent: Sent;
}

const kinds: readonly Sent[] = [
  { protocol: "tcp", port: 80 },
  { protocol: "tcp", port: 443 },
  { protocol: "udp", port: 54 },
  { protocol: "udp", port: 5000 },
  { protocol: "icmp", type: 8 },
];

/** Everybody to every address that could mean something there: private ones of the own VPC and of its peers, public ones, and one outside. */
export function questionsOf(world: World): Question[] {
  const nodes = nodesOf(world);
  const natAddresses = Object.values(world.vpcs).flatMap((vpc) => Object.values(vpc.natGateways ?? {}).map(({ publicAddress }) => publicAddress));
  const publics = [...nodes.flatMap(({ pub }) => pub ?? []), ...natAddresses];
  const from = (sender: Sender, addresses: readonly string[]) => [...new Set(addresses)].flatMap((dst) => kinds.map((sent): Question => ({ from: sender, dst, sent })));
  return [...from("host", publics), ...nodes.flatMap((node) => from(node, [...privates(world, nodes, node), ...publics, "8.8.8.8"].filter((dst) => dst !== node.ip && dst !== node.pub)))];
}

function privates(world: World, nodes: readonly Node[], { vpc }: Node): string[] {
  const peers = Object.values(world.peerings ?? {}).map(({ requester, accepter }) => [requester.vpc, accepter.vpc]).filter((pair) => pair.includes(vpc));
  const near = new Set([vpc, ...peers.flat()]);
  return nodes.filter((node) => near.has(node.vpc)).map(({ ip }) => ip);
}

export interface Opinions {
  readonly oracle: boolean;
  readonly analyzer: boolean;
}

export function opinionsOn(world: World, { from, dst, sent }: Question): Opinions {
  return { oracle: oracle(world, from, dst, sent), analyzer: analysisOf(world, { from, dst, sent }).reachable };
}

export function analysisOf(world: World, { from, dst, sent }: Question): ReturnType<typeof analyzePlaces> {
  const place = findPlace(world, from === "host" ? "host" : `${from.vpc}/${from.path}`);
  const { protocol, port, type } = sent;
  const question = { protocol, ...(port === undefined ? {} : { port }), ...(type === undefined ? {} : { icmpType: type }) };
  return analyzePlaces(world, place, findTarget(world, place, dst), question);
}

export function sayQuestion({ from, dst, sent }: Question): string {
  return `${from === "host" ? "host" : `${from.vpc}/${from.path}`} -> ${dst} ${sent.protocol} ${sent.port ?? sent.type ?? ""}`;
}
