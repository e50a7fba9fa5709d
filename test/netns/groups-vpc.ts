// What the tests of security groups and policies are made of: a VPC of three subnets that listen, and packets between them.
import type { FakeHost } from "../support/fake-host.ts";
import { startTraffic, type Outcome, type Probe, type Traffic } from "../support/traffic.ts";
import { vpcctl } from "./tutorial-vpc.ts";

export const webAddress = "10.0.1.4";
const dbAddress = "10.0.2.4";
export const noInternet = { internet: false };

export const vpc = ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24", "add-subnet a admin 10.0.3.0/24"] as const;
/** `web` in a group of its own that lets nothing in; `db` and `admin` are in `default`. */
export const lonely = [...vpc, "create-security-group a web", "set-security-groups a web --security-group web"];

/** Subnets `web`, `db` and `admin`, which listen at TCP 22, 80 and 443 and UDP 53; and what else is to be run. */
export async function build(host: FakeHost, ...commands: readonly string[]): Promise<Traffic> {
  await vpcctl(host, ...commands);
  const traffic = await startTraffic(host);
  for (const name of ["web", "db", "admin"]) await traffic.listen(`vpc.a.${name}`, { tcp: [22, 80, 443], udp: [53] });
  return traffic;
}

const addresses: Readonly<Record<string, string>> = { web: webAddress, db: dbAddress, admin: "10.0.3.4" };
export const tcp = (from: string, to: string, port = 80): Probe => ({ from: `vpc.a.${from}`, to: addresses[to] ?? to, protocol: "tcp", port });
export const udp = (from: string, to: string): Probe => ({ from: `vpc.a.${from}`, to: addresses[to] ?? to, protocol: "udp", port: 53 });
export const ping = (from: string, to: string): Probe => ({ from: `vpc.a.${from}`, to: addresses[to] ?? to, protocol: "icmp" });
export const timestamp = (from: string, to: string): Probe => ({ from: `vpc.a.${from}`, to: addresses[to] ?? to, protocol: "icmp", ask: "timestamp" });

/** From `db` to `web`, in this order: TCP 22, 80, 443, UDP 53, echo, timestamp. */
export const towardsWeb = [tcp("db", "web", 22), tcp("db", "web", 80), tcp("db", "web", 443), udp("db", "web"), ping("db", "web"), timestamp("db", "web")];
export const silence = towardsWeb.map((): Outcome => "silent");
/** Milliseconds. Where many are silent many times over; what is heard is heard in less than one. */
export const quick = 60;
/** One character for each: what answers and what is silent. */
export const picture = (outcomes: readonly Outcome[]): string => outcomes.map((outcome) => ({ answered: "+", silent: "-", refused: "!" })[outcome]).join("");
