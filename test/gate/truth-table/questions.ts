// All that can be asked about a World, and the two opinions that need no machine.
import { analyzePlaces } from "../../../src/analysis/analyze.ts";
import { findPlace, findTarget } from "../../../src/analysis/place.ts";
import type { World } from "../../../src/model/world.ts";
import { nodesOf, type Node } from "./nodes.ts";
import { oracle, type Sender, type Sent } from "./oracle.ts";

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
const kinds6: readonly Sent[] = [{ protocol: "tcp", port: 80 }, { protocol: "udp", port: 54 }, { protocol: "icmpv6", type: 128 }];
/** Of the make-believe internet. */
export const outside = { v4: "8.8.8.8", v6: "2001:4860:4860::8888" };

/** Everybody to every address that could mean something there: private ones of the own VPC and of its peers, public ones, and one outside. */
export function questionsOf(world: World): Question[] {
  const nodes = nodesOf(world);
  const natAddresses = Object.values(world.vpcs).flatMap((vpc) => Object.values(vpc.natGateways ?? {}).map(({ publicAddress }) => publicAddress));
  const publics = [...nodes.flatMap(({ pub }) => pub ?? []), ...natAddresses];
  const everybody6 = nodes.flatMap(({ ip6 }) => ip6 ?? []);
  const ask = (from: Sender, addresses: readonly string[]) =>
    [...new Set(addresses)].flatMap((dst) => (dst.includes(":") ? kinds6 : kinds).map((sent): Question => ({ from, dst, sent })));
  return [
    ...ask("host", [...publics, ...everybody6]),
    ...nodes.flatMap((node) => {
      const others = [...privates(world, nodes, node), ...publics, outside.v4, ...(node.ip6 === undefined ? [] : [...everybody6, outside.v6])];
      return ask(node, others.filter((dst) => ![node.ip, node.ip6, node.pub].includes(dst)));
    }),
  ];
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
