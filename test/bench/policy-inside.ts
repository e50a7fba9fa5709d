// Rules and translation, measured side by side in one sandbox, in turns. Runs inside the sandbox.
//
// `rules-N`: a VPC whose sender and receiver have as many groups, with N rules in all; the first N-1 fit nothing that is sent.
// `out`: from a public subnet through groups, translation and the host's masquerade to a server beyond the uplink. `out-open`: the same
// way with the router's tables taken away, so that the difference is what vpcctl's policy costs. `out-plain`: nothing is tracked either.
import { writeFileSync } from "node:fs";
import { batchPath } from "./contenders.ts";
import { connections, type Ends, inside, ip, tcpRoundTrip, throughput } from "./exchange.ts";
import { vpcLines, subnetAddress } from "./plans.ts";
import { policyPaths, ruleCounts } from "./policy.ts";
import { programs } from "./programs.ts";
import type { Sample } from "./samples.ts";
import { median } from "./statistics.ts";
import { timeProgram } from "./stopwatch.ts";

type PathName = (typeof policyPaths)[number]["name"];

const world = "198.51.100.1";
const groupsPerEnd = 5;

export async function runPolicy(rounds: number): Promise<Sample[]> {
  buildWorld();
  for (const rules of ruleCounts) buildRules(`rules-${rules}`, rules);
  for (const name of ["out", "out-open", "out-plain"]) buildOut(name);
  takePolicyAway("out-open");
  takePolicyAway("out-plain");
  forgetFlows("out-plain");
  const samples: Sample[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const { action, measure, best, names } of measures) {
      const values = new Map<PathName, number[]>(names.map((name) => [name, []]));
      for (let turn = 0; turn < turns; turn++) {
        for (const [name, list] of values) list.push(await measure(endsOf(name)));
      }
      for (const [name, list] of values) samples.push({ contender: name, action, size: 2, round, value: best(list) });
    }
  }
  return samples;
}

/** Per round and path. */
const turns = 8;
const ruled = policyPaths.map(({ name }) => name).filter((name) => name.startsWith("rules-"));

/** As data-plane-inside.ts: for throughput the largest. */
const measures: readonly {
  readonly action: string;
  readonly measure: (ends: Ends) => Promise<number>;
  readonly best: (values: readonly number[]) => number;
  readonly names: readonly PathName[];
}[] = [
  { action: "tcp", measure: tcpRoundTrip, best: median, names: ruled },
  { action: "throughput", measure: throughput, best: (values) => Math.max(...values), names: ruled },
  { action: "connections", measure: connections, best: median, names: policyPaths.map(({ name }) => name) },
];

const endsOf = (name: PathName): Ends =>
  name.startsWith("rules-") ? { from: `vpc.${name}.s0`, to: `vpc.${name}.s1`, address: subnetAddress(1) } : { from: `vpc.${name}.s0`, to: "world", address: world };

/** A host beyond the uplink. */
function buildWorld(): void {
  ip("netns", "add", "world");
  ip("link", "add", "uplink0", "type", "veth", "peer", "name", "eth0", "netns", "world");
  ip("address", "add", "198.51.100.2/24", "dev", "uplink0");
  ip("link", "set", "uplink0", "up");
  ip("-n", "world", "address", "add", `${world}/24`, "dev", "eth0");
  ip("-n", "world", "link", "set", "eth0", "up");
  ip("route", "add", "default", "via", world);
}

function batch(lines: readonly string[]): void {
  writeFileSync(batchPath, `${lines.join("\n")}\n`);
  timeProgram([programs.tool, "batch", batchPath]);
}

function buildRules(vpc: string, rules: number): void {
  const perGroup = rules / 2 / groupsPerEnd;
  const lines = vpcLines(2, vpc);
  for (const [end, direction] of [["s0", "egress"], ["s1", "ingress"]] as const) {
    const groups = Array.from({ length: groupsPerEnd }, (_, i) => `${end}-${i}`);
    for (const [at, group] of groups.entries()) {
      lines.push(`create-security-group ${vpc} ${group}`, `revoke-egress ${vpc} ${group} --protocol all --cidr 0.0.0.0/0 --cidr ::/0`);
      const isLast = at === groups.length - 1;
      for (let n = 0; n < perGroup; n++) {
        const traffic = isLast && n === perGroup - 1 ? "--port 1-65535 --cidr 10.0.0.0/16" : `--port ${6000 + (n % 50)} --cidr 172.${16 + at}.${Math.floor(n / 50)}.0/24`;
        lines.push(`authorize-${direction} ${vpc} ${group} --protocol tcp ${traffic}`);
      }
    }
    lines.push(`set-security-groups ${vpc} ${end} ${groups.map((group) => `--security-group ${group}`).join(" ")}`);
  }
  batch(lines);
}

const blockOf = (name: string): string => `10.${10 + policyPaths.findIndex((path) => path.name === name)}`;

function buildOut(vpc: string): void {
  batch([`create-vpc ${vpc} ${blockOf(vpc)}.0.0/16`, `add-subnet ${vpc} s0 ${blockOf(vpc)}.1.0/24`, `enable-internet ${vpc} s0`]);
}

const nft = (...words: readonly string[]): number => timeProgram(["nft", words.join(" ")]);

/** Without its tables the router only routes, under the sender's own address; the host must know the way back, and masquerades as before. */
function takePolicyAway(vpc: string): void {
  const router = `vpc.${vpc}`;
  const address = `${blockOf(vpc)}.1.4`;
  for (const family of ["bridge", "inet"]) timeProgram(inside(router, "nft", "delete", "table", family, "vpcctl"));
  ip("-n", router, "rule", "add", "priority", "20", "to", `${blockOf(vpc)}.0.0/16`, "lookup", "main");
  ip("-n", router, "rule", "add", "priority", "30", "iif", `br-${vpc}`, "lookup", "1002");
  ip("route", "add", address, "dev", `igw-${vpc}`, "via", transitOf(vpc), "onlink");
  nft("add element inet vpcctl publics {", `"igw-${vpc}" . ${address}`, "}");
  nft("insert rule inet vpcctl postrouting ip saddr", address, "oifname uplink0 masquerade");
}

function forgetFlows(vpc: string): void {
  const address = `${blockOf(vpc)}.1.4`;
  nft("add table ip plain");
  nft("add chain ip plain untracked { type filter hook prerouting priority -300; }");
  for (const side of ["saddr", "daddr"]) {
    nft("add rule ip plain untracked ip", side, address, "notrack");
    nft("insert rule inet vpcctl forward ip", side, address, "accept");
  }
  ip("-n", "world", "route", "add", address, "via", "198.51.100.2");
}

/** The router's end of the gateway's link. */
function transitOf(vpc: string): string {
  const { stdout } = Bun.spawnSync(["ip", "-n", `vpc.${vpc}`, "-4", "-o", "address", "show", "dev", "igw"]);
  const address = / inet (\S+)\/32/.exec(stdout.toString())?.[1];
  if (address === undefined) throw new Error(`VPC ${vpc} has no internet gateway`);
  return address;
}
