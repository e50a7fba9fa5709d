import { describe, expect, test } from "bun:test";
import { fakeHost } from "./fake-host.ts";
import { diffSnapshots, snapshotHost } from "./host-snapshot.ts";
import { plantForeign } from "./plant-foreign.ts";
import { sandboxTest } from "./sandbox-test.ts";
import { untilItSleeps } from "./until-it-sleeps.ts";

const withoutProgram = { program: false };

describe("a snapshot", () => {
  sandboxTest(
    "of a host with everything foreign on it is the same again after traffic",
    async (host) => {
      await plantForeign(host);
      const before = await snapshotHost(host);
      expect(await host.ping("container-1234", "8.8.8.8")).toBe(true);
      expect((await host.http("container-5678", "http://www.google.com"))?.headers["x-client-address"]).toBe("203.0.113.2");
      expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
    },
    withoutProgram,
  );

  // One change of each kind that vpcctl could leave behind; the first word of the difference says where it is seen.
  const changes: Readonly<Record<string, { readonly change: string; readonly seen: string; readonly undo: string }>> = {
    "a setting": { change: "sysctl -qw net.ipv4.conf.docker0.rp_filter=1", seen: "settings", undo: "sysctl -qw net.ipv4.conf.docker0.rp_filter=2" },
    "an address": { change: "ip address add 10.9.9.9/32 dev docker0", seen: "addresses", undo: "ip address delete 10.9.9.9/32 dev docker0" },
    "a link's name for people": { change: "ip link set veth1 alias x", seen: "links", undo: "ip link set veth1 alias ''" },
    "a route of another table": {
      change: "ip route add blackhole 10.9.0.0/16 table 77",
      seen: "IPv4 routes",
      undo: "ip route delete blackhole 10.9.0.0/16 table 77",
    },
    "a rule": { change: "ip -6 rule add fwmark 9 lookup 77", seen: "IPv6 rules", undo: "ip -6 rule delete fwmark 9 lookup 77" },
    "a neighbour": {
      change: "ip neighbour add 192.168.77.8 lladdr 02:00:00:00:00:08 dev br-lan",
      seen: "neighbours",
      undo: "ip neighbour delete 192.168.77.8 dev br-lan",
    },
    "a forwarding entry": {
      change: "bridge fdb add 02:00:00:00:00:08 dev veth0 master static",
      seen: "forwarding entries",
      undo: "bridge fdb delete 02:00:00:00:00:08 dev veth0 master",
    },
    "a bridge port's flag": { change: "bridge link set dev veth0 isolated on", seen: "bridge ports", undo: "bridge link set dev veth0 isolated off" },
    "a set's element": {
      change: "nft add element inet firewall trusted '{ 10.9.9.9 }'",
      seen: "nftables",
      undo: "nft delete element inet firewall trusted '{ 10.9.9.9 }'",
    },
    "a namespace": { change: "ip netns add left", seen: "namespaces", undo: "ip netns delete left" },
    "a file for a namespace": {
      change: "echo x >>/etc/netns/internal/resolv.conf",
      seen: "/etc/netns",
      undo: "echo 'nameserver 192.168.77.1' >/etc/netns/internal/resolv.conf",
    },
    "a file in /run": { change: "touch /run/left", seen: "files in /run and /etc", undo: "rm /run/left" },
    "a mount": { change: "mount -t tmpfs tmpfs /mnt", seen: "mounts", undo: "umount /mnt; rm -rf /run/mount" },
    "a route in somebody's namespace": {
      change: "ip -n internal route add blackhole 10.9.0.0/16",
      seen: "internal: IPv4 routes",
      undo: "ip -n internal route delete blackhole 10.9.0.0/16",
    },
  };

  test("shows each single change, and is as before when they are undone", async () => {
    await using host = await fakeHost(withoutProgram);
    await plantForeign(host);
    const before = await snapshotHost(host);
    for (const [what, { change, seen, undo }] of Object.entries(changes)) {
      await host.sh(change);
      const differences = diffSnapshots(before, await snapshotHost(host));
      expect(`${what}: ${differences.some((line) => line.startsWith(`${seen}: `)) ? "seen" : differences.join("\n")}`).toBe(`${what}: seen`);
      await host.sh(undo);
    }
    expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
  });

  sandboxTest(
    "tells a rule that was deleted and added again from one that stayed",
    async (host) => {
      await plantForeign(host);
      const before = await snapshotHost(host);
      await host.sh("nft flush chain ip filter DOCKER-USER; nft add rule ip filter DOCKER-USER counter return");
      expect(diffSnapshots(before, await snapshotHost(host)).join("\n")).toContain("nftables: ");
    },
    withoutProgram,
  );

  sandboxTest(
    "shows a process that was left running",
    async (host) => {
      const before = await snapshotHost(host);
      await host.sh(`setsid sleep 1000 </dev/null >/dev/null 2>&1 & ${untilItSleeps}`);
      expect(diffSnapshots(before, await snapshotHost(host)).join("\n")).toMatch(/^processes: \+ .*sleep 1000$/);
    },
    withoutProgram,
  );
});

describe("two snapshots", () => {
  test("that hold the same lines in another order differ", () => {
    expect(diffSnapshots(new Map([["rules", ["a", "b"]]]), new Map([["rules", ["b", "a"]]]))).toEqual(["rules: the same lines in another order"]);
  });

  test("differ by each line that one has more often than the other", () => {
    expect(diffSnapshots(new Map([["rules", ["a", "a"]]]), new Map([["rules", ["a", "b"]]]))).toEqual(["rules: - a", "rules: + b"]);
  });
});
