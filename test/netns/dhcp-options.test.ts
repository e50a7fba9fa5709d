// DHCP options: programs of a VPC ask a name server of the VPC's own, an instance, whose packets the rules judge like any other's.
import { expect } from "bun:test";
import { eventually } from "../support/eventually.ts";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { watchPackets } from "./packet-watch.ts";
import { buildTutorialVpc, privateDb, router, vpcctl } from "./tutorial-vpc.ts";

// It says of names in corp.example what nobody else says, and asks the VPC's resolver for names of the VPC.
const words = "--keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --user=root --group= --server=/company-a.internal/10.0.0.2";
const server = `sh -c 'PATH=$PATH:/usr/sbin exec dnsmasq ${words} --address=/corp.example/10.0.2.99 --address=/corp.example/fd00:1:2::99'`;

/** Instance `ns1` at 10.0.2.53 is a name server, behind a group that lets nothing in yet. */
async function build(host: FakeHost, ...before: readonly string[]): Promise<void> {
  await buildTutorialVpc(host);
  await vpcctl(host, "enable-dns company-a", ...before, "create-security-group company-a names");
  await vpcctl(host, `run-instance company-a private-db --name ns1 --ip 10.0.2.53 --security-group names -- ${server}`);
  await eventually("the name server listens", async () => (await host.sh(`ip netns exec ${privateDb}.ns1 ss -Hlun sport = 53`)) !== "");
}

/** What a program in `public-web` finds for a name: an address, or nothing when nobody answers within a second. */
async function find(host: FakeHost, name: string): Promise<string> {
  const look = `RES_OPTIONS="timeout:1 attempts:1" getent ahostsv4 ${name}`;
  return (await host.run(["vpcctl", "run-workload", "company-a", "public-web", look])).stdout.split(/\s/)[0] ?? "";
}

const own = "set-dhcp-options company-a --domain-name company-a.internal --domain-name corp.example --domain-name-server 10.0.2.53";
const open = "authorize-ingress company-a names --protocol udp --port 53 --cidr 10.0.1.0/24";

sandboxTest("programs ask the VPC's own name server while its group lets them, and the resolver again when the options are gone", async (host) => {
  await build(host);
  // The make-believe internet knows every name in `.example`, so each server shows by its answer.
  const names = ["www.corp.example", "www", "private-db"] as const;
  const all = async () => [await find(host, names[0]), await find(host, names[1]), await find(host, names[2])];
  expect(await all()).toEqual(["198.51.100.80", "", "10.0.2.4"]);
  await vpcctl(host, own);
  const asked = await watchPackets(host, router, { family: "inet", hook: "prerouting priority -400" }, "ip saddr 10.0.1.4 ip daddr 10.0.2.53 udp dport 53");
  expect(await all()).toEqual(["", "", ""]);
  expect(await asked.count()).toBeGreaterThan(0);
  await vpcctl(host, open);
  expect(await all()).toEqual(["10.0.2.99", "10.0.2.99", "10.0.2.4"]);
  await vpcctl(host, open.replace("authorize", "revoke"));
  expect(await find(host, names[0])).toBe("");
  await vpcctl(host, "reset-dhcp-options company-a");
  const until = await asked.count();
  expect(await all()).toEqual(["198.51.100.80", "", "10.0.2.4"]);
  expect(await asked.count()).toBe(until);
});

sandboxTest("a server by IPv6 is asked by IPv6, when the group lets it in", async (host) => {
  await build(host, "associate-ipv6-cidr company-a fd00:1:2::/56");
  // Of 10.0.2.53, in the /64 of the second subnet.
  const address = "fd00:1:2:1::a00:235";
  await vpcctl(host, open, `set-dhcp-options company-a --domain-name corp.example --domain-name-server ${address}`);
  expect(await find(host, "www")).toBe("");
  await vpcctl(host, open.replace("10.0.1.0/24", "fd00:1:2::/64"));
  expect(await find(host, "www")).toBe("10.0.2.99");
});

sandboxTest("a server that says nothing is passed over for the next, and without a domain a short name is not completed", async (host) => {
  await build(host);
  await vpcctl(host, own.replace("10.0.2.53", "10.0.2.54 --domain-name-server AmazonProvidedDNS"));
  expect([await find(host, "www.corp.example"), await find(host, "private-db")]).toEqual(["198.51.100.80", "10.0.2.4"]);
  await vpcctl(host, "set-dhcp-options company-a --domain-name-server AmazonProvidedDNS");
  expect([await find(host, "private-db.company-a.internal"), await find(host, "private-db")]).toEqual(["10.0.2.4", ""]);
});

sandboxTest("a program that runs keeps what it was started with until its instance starts again; one that is started is told the new", async (host) => {
  await build(host);
  // A number that no other process has in its words.
  await vpcctl(host, "run-instance company-a public-web --name web1 --restart always -- sleep 4711");
  const pid = async () => (await host.sh("pgrep -fx 'sleep 4711' || true")).trim();
  const told = async () => host.sh(`grep nameserver /proc/${await eventually("the program runs", pid)}/root/etc/resolv.conf`);
  await vpcctl(host, own);
  expect(await told()).toBe("nameserver 10.0.0.2\n");
  expect(await vpcctl(host, "exec company-a web1 -- grep nameserver /etc/resolv.conf")).toBe("nameserver 10.0.2.53\n");
  // Nor does one learn of it that is started again by its policy: it is the same machine still.
  const first = await pid();
  await host.sh(`kill -KILL ${first}`);
  await eventually("it was started again", async () => !["", first].includes(await pid()));
  expect(await told()).toBe("nameserver 10.0.0.2\n");
  await vpcctl(host, "stop-instance company-a web1", "start-instance company-a web1");
  expect(await told()).toBe("nameserver 10.0.2.53\n");
  await vpcctl(host, "reset-dhcp-options company-a", "stop-instance company-a web1", "start-instance company-a web1");
  expect(await told()).toBe("nameserver 10.0.0.2\n");
});

sandboxTest("options are part of what describe shows, and of no other VPC", async (host) => {
  await buildTutorialVpc(host);
  await vpcctl(host, "create-vpc b 10.0.0.0/16", "add-subnet b web 10.0.1.0/24", own);
  const options = async (vpc: string) => (JSON.parse(await vpcctl(host, `describe ${vpc} --json`)) as { vpc: { dhcpOptions: unknown } }).vpc.dhcpOptions;
  expect(await options("company-a")).toEqual({ domainNames: ["company-a.internal", "corp.example"], domainNameServers: ["10.0.2.53"] });
  expect(await vpcctl(host, "describe company-a")).toContain("name server 10.0.2.53; domains company-a.internal, corp.example");
  expect(await options("b")).toBeNull();
  expect(await vpcctl(host, 'run-workload b web "cat /etc/resolv.conf"')).not.toContain("10.0.2.53");
  expect(await vpcctl(host, own)).toStartWith("Nothing to do");
});
