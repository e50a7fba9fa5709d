// Real packets against the model: every pair of subnets both ways, and every subnet to an address outside.
import { expectInternet, expectPair } from "../analysis/expect-connectivity.ts";
import type { Expectation } from "../analysis/expect-connectivity.ts";
import type { Driver, Probe, ProbeResult } from "../drivers/driver.ts";
import { containsAddress, parseIpv4, type Ipv4 } from "../model/cidr.ts";
import { VpcctlError } from "../model/errors.ts";
import { unusableRanges } from "../model/limits.ts";
import { requireVpc } from "../model/lookup.ts";
import { cidrsOf } from "../model/vpc-cidrs.ts";
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
  const { vpc, internetTarget, timeout } = request;
  const { subnets } = driver.layout(world, vpc);
  const names = Object.keys(subnets);
  const target = parseIpv4(internetTarget);
  refuseInside(world, vpc, target);
  const pairs = names.flatMap((from) =>
    names.flatMap((to): Question[] => {
      const address = subnets[to]?.address;
      return from === to || address === undefined ? [] : [{ from, to, expectation: expectPair(world, vpc, from, to), probe: { vpc, subnet: from, address } }];
    }),
  );
  const outside = names.map((from): Question => ({
    from,
    to: internetTarget,
    expectation: expectInternet(world, vpc, from, target),
    probe: { vpc, subnet: from, address: internetTarget },
  }));
  const asked = [...pairs, ...outside];
  const hostShould = outside.some((question) => question.expectation.expected);
  const [answers, hostReaches] = await Promise.all([
    driver.probe(asked.map((question) => question.probe), timeout),
    hostShould ? driver.hostReaches(internetTarget, timeout) : undefined,
  ]);
  const results = asked.map((question, i) => judge(question, answers[i], i < pairs.length ? undefined : hostReaches));
  return {
    vpc,
    internetTarget,
    subnets: names,
    pairs: results.slice(0, pairs.length),
    internet: results.slice(pairs.length),
    ...(hostReaches === undefined ? {} : { hostReaches }),
    asExpected: results.every((result) => result.reached === result.expected && result.error === undefined),
    milliseconds: performance.now() - started,
  };
}

/** An address that cannot be outside tells nothing about the way out: every subnet reaches 127.0.0.1, its own. */
function refuseInside(world: World, vpc: string, target: Ipv4): void {
  const cidrs = cidrsOf(requireVpc(world, vpc));
  const unusable = unusableRanges.find((range) => containsAddress(range.cidr, target));
  const why = cidrs.some((cidr) => containsAddress(cidr, target)) ? `it is one of VPC ${vpc} itself, which has ${cidrs.join(", ")}` : unusable?.why;
  if (why === undefined) return;
  throw new VpcctlError({
    code: "InvalidParameterValue",
    message: `${target} cannot stand for the internet: ${why}.`,
    hint: `Name an address outside: vpcctl test-connectivity ${vpc} --internet-target ADDRESS`,
  });
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
