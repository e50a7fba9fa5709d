// What must happen to the echoes of test-connectivity, in one sentence each. The reasons are those of `analyze`.
import { parseIpv4 } from "../model/cidr.ts";
import type { Ip } from "../model/cidr-any.ts";
import { requireSubnet, requireVpc } from "../model/lookup.ts";
import type { World } from "../model/world.ts";
import { analyze, analyzePlaces, type Analysis } from "./analyze.ts";
import type { Protocol } from "./packet.ts";
import { findPlace } from "./place.ts";

export interface Expectation {
  readonly expected: boolean;
  /** Which rule of the model decides: one sentence. */
  readonly reason: string;
}

/** What is sent; an ICMP echo when absent. */
export interface ProbeKind {
  readonly protocol: Protocol;
  readonly port?: number;
  /** To the IPv6 addresses. */
  readonly ipv6?: true;
}

const echo: ProbeKind = { protocol: "icmp" };

/** Does one attachment (`web` or `web/web1`) of a VPC reach another's own address? Throws when the VPC or an attachment does not exist. */
export function expectPair(world: World, vpcName: string, from: string, to: string, kind: ProbeKind = echo): Expectation {
  const { name } = requireVpc(world, vpcName);
  return inOneSentence(analyze(world, { from: `${name}/${from}`, to: `${name}/${to}`, ...kind }));
}

const publicResolver = parseIpv4("8.8.8.8");

/** Does an attachment reach an address on the internet? Throws when the VPC or the attachment does not exist. */
export function expectInternet(world: World, vpcName: string, from: string, target: Ip = publicResolver, kind: ProbeKind = echo): Expectation {
  const vpc = requireVpc(world, vpcName);
  requireSubnet(vpc, from.split("/")[0] ?? from);
  const outside = { places: [{ kind: "outside", name: "internet" }], address: target } as const;
  return inOneSentence(analyzePlaces(world, findPlace(world, `${vpc.name}/${from}`), outside, kind));
}

/** On a "yes" the route that led there says most, and who is on the way: no model knows whether an instance does forward. */
function inOneSentence({ reachable, changes, forward, answer }: Analysis): Expectation {
  if (!reachable) return { expected: false, reason: changes.join(" ") };
  const route = forward.findLast(({ check }) => check === "route")?.because ?? "";
  const routers = new Set([...forward, ...answer].flatMap(({ at, check }) => (check === "router instance" ? [at] : [])));
  const by = routers.size === 0 ? "" : ` On the way there or back is ${[...routers].join(" and ")}, which has to forward (net.ipv4.ip_forward=1 in it).`;
  return { expected: true, reason: `${route.charAt(0).toUpperCase()}${route.slice(1)}.${by}` };
}
