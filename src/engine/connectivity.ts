// Real packets against the model: every pair of attachments both ways, and each of them to an address outside. Of a VPC too large for all
// pairs a sample is asked, and the report says so. When the address outside is one of IPv6, all goes by IPv6.
import { whyNowhere } from "../analysis/refuse-nonsense.ts";
import { expectInternet, expectPair, type Expectation, type ProbeKind } from "../analysis/expect-connectivity.ts";
import type { Driver, Probe, ProbeResult } from "../drivers/driver.ts";
import { attachmentsOf, type Attachment } from "../model/attachment.ts";
import { hostAddress6, ipv6AddressOf } from "../model/addresses6.ts";
import { cidrContainsAddress, type Ip } from "../model/cidr-any.ts";
import { isIpv6, parseIpv6 } from "../model/cidr6.ts";
import { parseIpv4 } from "../model/cidr.ts";
import { VpcctlError } from "../model/errors.ts";
import { unusableRanges } from "../model/limits.ts";
import { requireVpc } from "../model/lookup.ts";
import { publicPoolOf } from "../model/public-pool.ts";
import { blocksOf } from "../model/vpc-cidrs.ts";
import type { World } from "../model/world.ts";
import type { ConnectivityReport, ConnectivityRequest, PairResult } from "./contract.ts";

interface Question {
  readonly from: string;
  readonly to: string;
  readonly expectation: Expectation;
  readonly probe: Probe;
}

export async function connectivity(driver: Driver, world: World, request: ConnectivityRequest): Promise<ConnectivityReport> {
  const started = performance.now();
  const { vpc: name, internetTarget, timeout, port } = request;
  const vpc = requireVpc(world, name);
  const target = isIpv6(internetTarget) ? parseIpv6(internetTarget) : parseIpv4(internetTarget);
  refuseInside(world, name, target);
  const kind = kindOf(request, isIpv6(target));
  const from = (path: string, address: string): Probe => ({ vpc: name, subnet: path, address, ...(port === undefined ? {} : { port }) });
  const addressOf = (attachment: Attachment): Ip | undefined => (isIpv6(target) ? ipv6AddressOf(attachment) : attachment.address);
  const all = attachmentsOf(vpc).filter((attachment) => addressOf(attachment) !== undefined);
  const senders = all.filter(canSend);
  const pairs = pairsOf(senders, all).map(([one, other]): Question => {
    return { from: one.path, to: other.path, expectation: expectPair(world, name, one.path, other.path, kind), probe: from(one.path, addressOf(other) ?? "") };
  });
  const outside = senders.map(({ path }): Question => {
    return { from: path, to: internetTarget, expectation: expectInternet(world, name, path, target, kind), probe: from(path, internetTarget) };
  });
  const asked = [...pairs, ...outside];
  const hostShould = outside.some((question) => question.expectation.expected);
  const [answers, hostReaches] = await Promise.all([
    driver.probe(asked.map((question) => question.probe), timeout),
    hostShould ? driver.hostReaches(internetTarget, timeout) : undefined,
  ]);
  const results = asked.map((question, i) => judge(question, answers[i], i < pairs.length ? undefined : hostReaches));
  return {
    vpc: name,
    internetTarget,
    ...(port === undefined ? {} : { port }),
    subnets: all.filter(({ instance }) => instance === undefined).map(({ path }) => path),
    attachments: all.map((attachment) => ({ path: attachment.path, address: addressOf(attachment) ?? "" })),
    allPairs: senders.length * Math.max(all.length - 1, 0),
    pairs: results.slice(0, pairs.length),
    internet: results.slice(pairs.length),
    ...(hostReaches === undefined ? {} : { hostReaches }),
    asExpected: results.every((result) => result.reached === result.expected && result.error === undefined),
    milliseconds: performance.now() - started,
  };
}

function kindOf({ port }: ConnectivityRequest, byIpv6: boolean): ProbeKind {
  const sent: ProbeKind = port === undefined ? { protocol: byIpv6 ? "icmpv6" : "icmp" } : { protocol: port.protocol, port: port.number };
  return byIpv6 ? { ...sent, ipv6: true } : sent;
}

/** Nothing can be sent from an instance that is stopped, and one in somebody else's namespace is not ours to speak for. */
const canSend = ({ instance }: Attachment): boolean => instance === undefined || (instance.state === "running" && instance.attachedTo === undefined);

/** About a second's work. Up to 100 attachments have no more pairs than this. */
const mostPairs = 10_000;

/**
 * Each sender with each other attachment. When these would be too many: each with as many as fit, at equal distances around the ring of all,
 * so that everybody sends and (as good as) everybody is sent to.
 */
function pairsOf(senders: readonly Attachment[], all: readonly Attachment[]): (readonly [Attachment, Attachment])[] {
  const others = Math.min(all.length - 1, Math.max(1, Math.floor(mostPairs / Math.max(senders.length, 1))));
  const places = new Map(all.map(({ path }, place) => [path, place]));
  return senders.flatMap((sender) =>
    Array.from({ length: others }, (_, n) => {
      const distance = 1 + Math.floor((n * (all.length - 1)) / others);
      const other = all[((places.get(sender.path) ?? 0) + distance) % all.length];
      if (other === undefined) throw new Error("a place beyond the ring");
      return [sender, other] as const;
    }),
  );
}

/** An address that cannot be outside tells nothing about the way out: every subnet reaches 127.0.0.1, its own. */
function refuseInside(world: World, vpc: string, target: Ip): void {
  if (isIpv6(target) && requireVpc(world, vpc).ipv6Cidr === undefined) {
    const hint = `Give it IPv6 first: vpcctl associate-ipv6-cidr ${vpc}`;
    throw new VpcctlError({ code: "InvalidParameterValue", message: `${target} is an IPv6 address, and VPC ${vpc} has no IPv6.`, hint });
  }
  const why = whyInside(world, vpc, target);
  if (why === undefined) return;
  throw new VpcctlError({
    code: "InvalidParameterValue",
    message: `${target} cannot stand for the internet: ${why}.`,
    hint: `Name an address outside: vpcctl test-connectivity ${vpc} --internet-target ADDRESS`,
  });
}

function whyInside(world: World, name: string, target: Ip): string | undefined {
  const vpc = requireVpc(world, name);
  const blocks = blocksOf(vpc).filter((block) => isIpv6(block) === isIpv6(target));
  if (blocks.some((block) => cidrContainsAddress(block, target))) return `it is one of VPC ${name} itself, which has ${blocks.join(", ")}`;
  // Of other VPCs, only public addresses mean anything here; by IPv6 all are.
  const other = Object.values(world.vpcs).find(({ ipv6Cidr }) => ipv6Cidr !== undefined && cidrContainsAddress(ipv6Cidr, target));
  if (other !== undefined) return `it is one of VPC ${other.name}`;
  const pool = publicPoolOf(world);
  if (cidrContainsAddress(pool, target)) return `it is of ${pool}, the public side of the VPCs of this machine`;
  if (target === hostAddress6) return "it is this machine's own";
  return unusableRanges.find((range) => cidrContainsAddress(range.cidr, target))?.why ?? whyNowhere(target);
}

function judge({ from, to, expectation, probe }: Question, answer: ProbeResult | undefined, hostReaches: boolean | undefined): PairResult {
  const milliseconds = answer?.milliseconds;
  const reached = milliseconds !== undefined;
  const { expected } = expectation;
  const error = reached ? undefined : answer?.error;
  const isRight = reached === expected && error === undefined;
  const reason = isRight ? expectation.reason : error === undefined ? `${expectation.reason} ${deviation(probe, reached, hostReaches)}` : error;
  return { from, to, expected, reached, reason, ...(error === undefined ? {} : { error }), ...(milliseconds === undefined ? {} : { milliseconds }) };
}

function deviation({ vpc, address }: Probe, reached: boolean, hostReaches: boolean | undefined): string {
  if (reached) return `Yet ${address} answered. Put the machine right with: vpcctl cleanup ${vpc}, and build it anew.`;
  if (hostReaches === false) return `But the host itself gets no answer from ${address}: it has no internet.`;
  return `But no answer came. Running the command that made the subnet again puts right what has drifted.`;
}
