// VPCs for the tests of peerings: each lets everybody in, so that only routes and peerings decide.
import type { FakeHost } from "../support/fake-host.ts";
import { startTraffic, type Outcome, type Probe, type Traffic } from "../support/traffic.ts";

export const noInternet = { internet: false };

/** Lines for `vpcctl batch`: a VPC with subnets `web` (.1.0/24) and `db` (.2.0/24) of a /16, open to all. */
export function openVpc(name: string, cidr: string): string[] {
  const start = cidr.slice(0, cidr.indexOf(".0.0/"));
  return [
    `create-vpc ${name} ${cidr}`,
    `add-subnet ${name} web ${start}.1.0/24`,
    `add-subnet ${name} db ${start}.2.0/24`,
    `authorize-ingress ${name} default --protocol all --cidr 0.0.0.0/0`,
  ];
}

/** Runs lines as one change. */
export const batch = (host: FakeHost, ...lines: readonly string[]): Promise<string> => host.sh(["vpcctl", "batch", "-"], { stdin: `${lines.join("\n")}\n` });

/** Makes VPCs, a to d by name, and opens TCP and UDP port 80 in each subnet of theirs. */
export async function build(host: FakeHost, vpcs: Readonly<Record<string, string>>, ...lines: readonly string[]): Promise<Traffic> {
  await batch(host, ...Object.entries(vpcs).flatMap(([name, cidr]) => openVpc(name, cidr)), ...lines);
  const traffic = await startTraffic(host);
  for (const name of Object.keys(vpcs)) for (const subnet of ["web", "db"]) await traffic.listen(`vpc.${name}.${subnet}`, { tcp: [80], udp: [80] });
  return traffic;
}

export const inRouter = (host: FakeHost, vpc: string, command: string): Promise<string> => host.sh(`ip netns exec vpc.${vpc} ${command}`);

export const tcp = (from: string, to: string): Probe => ({ from: `vpc.${from}`, to, protocol: "tcp", port: 80 });
export const everyWay = (from: string, to: string): Probe[] => [
  tcp(from, to),
  { from: `vpc.${from}`, to, protocol: "udp", port: 80 },
  { from: `vpc.${from}`, to, protocol: "icmp" },
];

/** By name, the address of the subnet's own namespace. */
export type Places = Readonly<Record<string, string>>;

/** Who reaches whom by TCP, as `a.web > b.db`, of all ordered pairs. */
export async function reached(traffic: Traffic, places: Places): Promise<string[]> {
  const pairs = Object.keys(places).flatMap((from) => Object.keys(places).flatMap((to) => (from === to ? [] : [[from, to] as const])));
  const outcomes = await traffic.probe(pairs.map(([from, to]) => tcp(from, places[to] ?? "")));
  return pairs.filter((_, at) => outcomes[at] === "answered").map(([from, to]) => `${from} > ${to}`);
}

export const allAre = (outcome: Outcome, probes: readonly Probe[]): Outcome[] => probes.map(() => outcome);
