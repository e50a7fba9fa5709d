// Routes to prefix lists with real packets: they lead where the list says just now. The internet is 8.8.8.8 and 198.51.100.80.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { batch, inRouter, openVpc } from "./peered-vpcs.ts";

const [dns, far] = ["8.8.8.8", "198.51.100.80"];

/** VPC a: `db` has a route table `out` without routes; `web` is public, with a NAT gateway. */
const build = (host: FakeHost, ...lines: readonly string[]): Promise<string> =>
  batch(
    host,
    ...openVpc("a", "10.0.0.0/16"),
    "enable-internet a web",
    "create-nat-gateway a web nat1",
    "create-route-table a out",
    "associate-route-table a db out",
    "create-prefix-list goals --cidr 8.8.8.0/24",
    ...lines,
  );

const reaches = (host: FakeHost, from = "db") => Promise.all([dns, far].map((address) => host.ping(`vpc.a.${from}`, address)));

describe("a route to a prefix list", () => {
  sandboxTest("leads to the CIDRs of the list and to no others, and follows the list at once", async (host) => {
    await build(host);
    expect(await reaches(host)).toEqual([false, false]);
    await batch(host, "create-route a out prefix-list/goals nat-gateway/nat1");
    expect(await reaches(host)).toEqual([true, false]);
    await batch(host, "modify-prefix-list goals --add 198.51.100.0/24");
    expect(await reaches(host)).toEqual([true, true]);
    await batch(host, "modify-prefix-list goals --remove 8.8.8.0/24");
    expect(await reaches(host)).toEqual([false, true]);
    // By hand: it is this route in the kernel that leads there.
    await inRouter(host, "a", "ip route delete 198.51.100.0/24 table 1003");
    expect(await reaches(host)).toEqual([false, false]);
    // The same command again mends it.
    await host.sh("vpcctl modify-prefix-list goals --remove 8.8.8.0/24");
    expect(await reaches(host)).toEqual([false, true]);
    await batch(host, "delete-route a out prefix-list/goals");
    expect(await reaches(host)).toEqual([false, false]);
  });

  sandboxTest("gives way to a longer one, and to one that names the CIDR itself", async (host) => {
    await build(host, "create-route a out prefix-list/goals nat-gateway/nat1", "create-route a out 0.0.0.0/0 nat-gateway/nat1");
    expect(await reaches(host)).toEqual([true, true]);
    await batch(host, "replace-route a out prefix-list/goals blackhole");
    expect(await reaches(host)).toEqual([false, true]);
    await batch(host, "create-route a out 8.8.8.0/24 nat-gateway/nat1");
    expect(await reaches(host)).toEqual([true, true]);
    await batch(host, "modify-prefix-list goals --add 8.8.8.8/32");
    expect(await reaches(host)).toEqual([false, true]);
  });

  sandboxTest("in the table of the NAT gateway's subnet has the last word there", async (host) => {
    await build(host, "create-route a out 0.0.0.0/0 nat-gateway/nat1", "create-route a public prefix-list/goals blackhole");
    expect(await reaches(host)).toEqual([false, true]);
    await batch(host, "modify-prefix-list goals --add 198.51.100.0/24 --remove 8.8.8.0/24");
    expect(await reaches(host)).toEqual([true, false]);
    expect(await reaches(host, "web")).toEqual([true, false]);
  });

  sandboxTest("leaves alone what is inside the VPC and what is link-local", async (host) => {
    await build(host, "modify-prefix-list goals --add 10.0.1.0/24 --add 10.0.0.0/8 --add 169.254.0.0/16", "create-route a out prefix-list/goals blackhole");
    expect(await host.ping("vpc.a.db", "10.0.1.4")).toBe(true);
    const table = await host.sh("ip -n vpc.a route show table 1003");
    expect(table).not.toContain("10.0.1.0/24");
    expect(table.match(/169\.254/g)).toBeNull();
  });

  sandboxTest("is one of IPv6 too, and opens a subnet to the world when it leads to the internet gateway", async (host) => {
    await build(host, "associate-ipv6-cidr a", "create-prefix-list goals6 --cidr 2001:4860::/32", "associate-route-table a web out");
    const ping6 = async () => (await host.run("ip netns exec vpc.a.web ping -6 -c 1 -W 1 2001:4860:4860::8888")).exitCode === 0;
    expect(await ping6()).toBe(false);
    await batch(host, "create-route a out prefix-list/goals6 internet-gateway");
    expect(await ping6()).toBe(true);
    expect(await host.sh("ip netns exec vpc.a nft list set inet vpcctl open6")).toContain("::/64");
    await batch(host, "modify-prefix-list goals6 --remove 2001:4860::/32");
    expect(await ping6()).toBe(false);
    expect(await host.sh("ip netns exec vpc.a nft list set inet vpcctl open6")).not.toContain("::/64");
  });
});
