// After cleanup the host is byte for byte as it was before, whatever else lives on it and however it was set up.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { diffSnapshots, snapshotHost } from "../support/host-snapshot.ts";
import { linksSettle } from "../support/links-settle.ts";
import { plantForeign } from "../support/plant-foreign.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { buildTutorialVpc, privateDb, publicWeb, vpcctl } from "./tutorial-vpc.ts";

const webServer = "http://198.51.100.80";

/** Builds the tutorial's VPC, sees it work, and takes it away by `commands`; the host must then be as it was. */
async function expectExact(host: FakeHost, ...commands: readonly string[]): Promise<void> {
  const before = await snapshotHost(host);
  await buildTutorialVpc(host);
  // The snapshot sees what was made: it would see what is left.
  expect(diffSnapshots(before, await snapshotHost(host))).not.toEqual([]);
  await expectTutorialWorks(host);
  await host.sh(commands.length === 0 ? "vpcctl cleanup" : commands.join("\n"));
  expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
}

async function expectTutorialWorks(host: FakeHost): Promise<void> {
  const reached = await Promise.all([host.ping(publicWeb, "8.8.8.8"), host.ping(publicWeb, "10.0.2.4"), host.ping(privateDb, "10.0.1.4"), host.ping(privateDb, "8.8.8.8")]);
  expect(reached).toEqual([true, true, true, false]);
  expect((await host.http(publicWeb, webServer))?.headers["x-client-address"]).toBe("203.0.113.2");
}

describe("cleanup leaves the host as it was", () => {
  sandboxTest("fresh, with nothing on it and forwarding off", (host) => expectExact(host));

  sandboxTest("with bridges, links, namespaces, tables and rules of others on it, FORWARD DROP among them", async (host) => {
    await plantForeign(host);
    await expectExact(host);
  });

  sandboxTest("with a firewall on it whose last rule rejects what it does not know, as firewalld's does", async (host) => {
    await plantForeign(host, { rejecting: true });
    await expectExact(host);
  });

  sandboxTest("with chains on it as ufw writes them, whose policy drops", async (host) => {
    await host.sh(["nft", ufw]);
    await expectExact(host);
  });

  sandboxTest("with forwarding on before", async (host) => {
    await host.sh("sysctl -qw net.ipv4.ip_forward=1");
    await expectExact(host);
  });

  sandboxTest("with two uplinks, one of which forwarded before", async (host) => {
    await host.sh(secondUplink);
    await linksSettle(host);
    await host.sh("sysctl -qw net.ipv4.conf.uplink1.forwarding=1");
    await expectExact(host);
  });

  sandboxTest("although the state directory is gone", async (host) => {
    await plantForeign(host);
    await expectExact(host, 'rm -r "$VPCCTL_STATE_DIR"', "vpcctl cleanup");
  });

  sandboxTest("although what was saved is damaged", (host) => expectExact(host, 'echo "{" >"$VPCCTL_STATE_DIR/world.json"', "vpcctl cleanup"));

  sandboxTest("although somebody flushed all rules, and with them ours", async (host) => {
    const before = await snapshotHost(host);
    await buildTutorialVpc(host);
    await host.sh("nft flush ruleset; vpcctl cleanup");
    expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
  });

  sandboxTest("and a second time changes nothing", (host) => expectExact(host, "vpcctl cleanup", "vpcctl cleanup"));

  sandboxTest("verb by verb, in the opposite order", async (host) => {
    await plantForeign(host);
    await expectExact(
      host,
      "vpcctl disable-internet company-a public-web",
      "vpcctl delete-subnet company-a private-db",
      "vpcctl delete-subnet company-a public-web",
      "vpcctl delete-vpc company-a",
    );
  });

  sandboxTest("with a workload still running, which it ends", (host) =>
    expectExact(host, "vpcctl run-workload company-a public-web --detach --name sleeper 'sleep 1000'", "vpcctl cleanup"));
});

describe("cleanup of one VPC of two", () => {
  sandboxTest("leaves the other as it was, with its internet", async (host) => {
    await plantForeign(host);
    const empty = await snapshotHost(host);
    await vpcctl(host, "create-vpc company-b 10.0.0.0/16", "add-subnet company-b web 10.0.1.0/24", "enable-internet company-b web");
    const one = await snapshotHost(host);
    await buildTutorialVpc(host);
    await vpcctl(host, "cleanup company-a");
    expect(diffSnapshots(one, await snapshotHost(host))).toEqual([]);
    expect(await host.ping("vpc.company-b.web", "8.8.8.8")).toBe(true);
    await vpcctl(host, "cleanup company-b");
    expect(diffSnapshots(empty, await snapshotHost(host))).toEqual([]);
  });

  sandboxTest("that was made first leaves the other with its internet, and the host's settings known", async (host) => {
    const empty = await snapshotHost(host);
    await buildTutorialVpc(host);
    await vpcctl(host, "create-vpc company-b 10.0.0.0/16", "add-subnet company-b web 10.0.1.0/24", "enable-internet company-b web", "cleanup company-a");
    expect(await host.ping("vpc.company-b.web", "8.8.8.8")).toBe(true);
    await host.sh('rm -r "$VPCCTL_STATE_DIR"; vpcctl cleanup');
    expect(diffSnapshots(empty, await snapshotHost(host))).toEqual([]);
  });
});

/** ufw's chains in the table that iptables-nft calls filter. */
const ufw = `table ip filter {
  chain ufw-before-forward { ct state related,established counter accept; }
  chain ufw-reject-forward { }
  chain FORWARD { type filter hook forward priority filter; policy drop; counter jump ufw-before-forward; counter jump ufw-reject-forward; }
  chain INPUT { type filter hook input priority filter; policy drop; ct state related,established accept; iifname "lo" accept; tcp dport 22 accept; }
}`;

/** A worse way into the same internet. */
const secondUplink = `
ip link add uplink1 index 40 type veth peer name host1 index 41 netns internet
ip address add 192.0.2.2/24 dev uplink1
ip -n internet address add 192.0.2.1/24 dev host1
ip -n internet link set host1 addrgenmode none up
ip link set uplink1 addrgenmode none up
ip route add default via 192.0.2.1 metric 500
`;
