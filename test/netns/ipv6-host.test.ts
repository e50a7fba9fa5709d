// What IPv6 of VPCs does to the host: as little as can be, and nothing that stays.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { hostAddress, hostSetting, ipv6Vpc as vpc, labAddress, outside, web, webAddress } from "./ipv6-vpc.ts";
import { kernelState, stateChange } from "./kernel-state.ts";
import { observed } from "./observed.ts";
import { watchPackets } from "./packet-watch.ts";
import { vpcctl } from "./tutorial-vpc.ts";

describe("the host's own IPv6", () => {
  sandboxTest("is switched on for the links that need it alone, and as before when the last such VPC has gone", async (host) => {
    const untouched = await kernelState(host);
    await vpcctl(host, ...vpc, "create-vpc b 10.0.0.0/16 --ipv6", "add-subnet b web 10.0.1.0/24", "enable-internet b web");
    const settings = ["all/forwarding", "uplink0/forwarding", "uplink0/force_forwarding"].map((key) => hostSetting(host, key));
    expect(await Promise.all(settings)).toEqual(["0", "0", "1"]);
    await vpcctl(host, "delete-vpc a --force");
    expect([await hostSetting(host, "uplink0/force_forwarding"), await host.ping("vpc.b.web", outside)]).toEqual(["1", true]);
    await vpcctl(host, "delete-vpc b --force");
    expect(await hostSetting(host, "uplink0/force_forwarding")).toBe("0");
    expect(stateChange(untouched, await kernelState(host))).toEqual([]);
  });

  sandboxTest("is as before although the rules were flushed, the state lost and the VPC is cleaned up without it", async (host) => {
    await vpcctl(host, ...vpc);
    await host.sh("nft flush ruleset; rm -rf /run/vpcctl-state/*");
    await vpcctl(host, "cleanup");
    const left = await host.sh("ip -6 route show proto 118; nft list ruleset");
    expect([await hostSetting(host, "uplink0/force_forwarding"), left]).toEqual(["0", ""]);
  });

  sandboxTest("forwards nothing else from the uplink that it did not forward before", async (host) => {
    await vpcctl(host, ...vpc);
    // Another network behind this host, as a container's.
    await host.sh([
      "ip netns add other", "ip link add to-other type veth peer name eth0 netns other", "ip link set to-other up", "ip -n other link set eth0 up",
      "ip address add 2001:db8:77::1/64 dev to-other nodad", "ip -n other address add 2001:db8:77::2/64 dev eth0 nodad",
      "ip -n other -6 route add default via 2001:db8:77::1",
      `ip -n internet -6 route add 2001:db8:77::/64 via ${hostAddress}`,
    ].join("; "));
    const watch = await watchPackets(host, "other", { family: "inet", hook: "prerouting priority -400" }, "icmpv6 type echo-request");
    expect([await host.ping("", "2001:db8:77::2"), await watch.count()]).toEqual([true, 1]);
    expect([await host.ping("internet", "2001:db8:77::2"), await watch.count()]).toEqual([false, 1]);
    await host.sh(["nft", "flush chain inet vpcctl forward"]);
    expect([await host.ping("internet", "2001:db8:77::2"), await watch.count()]).toEqual([false, 2]);
  });

  sandboxTest("is left as it is where the host forwards IPv6 anyway", async (host) => {
    await host.sh("sysctl -qw net.ipv6.conf.all.forwarding=1");
    await vpcctl(host, ...vpc);
    expect([await hostSetting(host, "uplink0/force_forwarding"), await host.ping(web, outside)]).toEqual(["0", true]);
    await vpcctl(host, "delete-vpc a --force");
    expect(await hostSetting(host, "all/forwarding")).toBe("1");
  });

  sandboxTest("stays as it is when another program's firewall drops what is forwarded: only rules with our tag come and go", async (host) => {
    const docker = "chain FORWARD { type filter hook forward priority 0; policy drop; ct state established,related counter accept; }";
    await host.sh(["nft", `table ip6 filter { ${docker}; }`]);
    const rules = async (): Promise<string> => (await host.sh("nft list table ip6 filter")).replaceAll(/counter packets \d+ bytes \d+/g, "");
    const before = await rules();
    await vpcctl(host, "create-vpc b 10.0.0.0/16", "add-subnet b web 10.0.1.0/24", "enable-internet b web");
    expect(await rules()).toBe(before);
    await vpcctl(host, ...vpc);
    expect(await host.ping(web, outside)).toBe(true);
    await vpcctl(host, "delete-vpc a --force");
    expect(await rules()).toBe(before);
  });

  sandboxTest("keeps its own networks: a VPC's block that overlaps one is refused before anything is touched", async (host) => {
    await host.sh("ip -6 route add 2001:db8:a:b77::/64 dev uplink0");
    await vpcctl(host, "create-vpc a 10.0.0.0/16", "associate-ipv6-cidr a 2001:db8:a:b00::/56");
    const before = await kernelState(host);
    const refused = await host.run("vpcctl create-egress-only-internet-gateway a");
    expect([refused.exitCode, refused.stderr]).toEqual([4, expect.stringContaining("2001:db8:a:b77::/64 on uplink0")]);
    expect(stateChange(before, await kernelState(host))).toEqual([]);
    await host.sh("ip -6 route delete 2001:db8:a:b77::/64; ip -6 route add 2001:db8:a:b78::/64 dev uplink0 table 52; ip -6 rule add priority 5270 lookup 52");
    expect((await host.run("vpcctl create-egress-only-internet-gateway a")).stderr).toContain("2001:db8:a:b78::/64 on uplink0");
    await host.sh("ip -6 rule delete priority 5270; ip -6 route add blackhole 2001:db8:a::/48");
    await vpcctl(host, "create-egress-only-internet-gateway a");
  });

  const doctorSays = async (host: FakeHost): Promise<unknown> => {
    const { findings } = JSON.parse((await host.run("vpcctl doctor --json")).stdout) as { findings: { subject: string; status: string; found: string }[] };
    return findings.filter(({ subject }) => subject === "IPv6 forwarding").map(({ status, found }) => `${status}: ${found}`);
  };

  sandboxTest("is not switched on as a whole where a link cannot be by itself: IPv6 stays inside then, and doctor says so", async (host) => {
    expect(await doctorSays(host)).toEqual(["ok: off"]);
    // As a kernel looks that has no such switch.
    await host.sh("for link in lo uplink0; do mount -t tmpfs none /proc/sys/net/ipv6/conf/$link; done");
    expect(await doctorSays(host)).toEqual(["warn: off, and one link alone cannot be switched on"]);
    await vpcctl(host, ...vpc);
    expect([await host.ping(web, labAddress), await host.ping("", webAddress), await host.ping(web, outside)]).toEqual([true, true, false]);
    expect(await hostSetting(host, "all/forwarding")).toBe("0");
    await host.sh("sysctl -qw net.ipv6.conf.all.forwarding=1");
    expect([await doctorSays(host), await host.ping(web, outside)]).toEqual([["ok: on"], true]);
    await vpcctl(host, "delete-vpc a --force");
  });

  sandboxTest("may be switched off for new links: the gateway's has it all the same", async (host) => {
    await host.sh("sysctl -qw net.ipv6.conf.default.disable_ipv6=1");
    await vpcctl(host, ...vpc);
    expect([await hostSetting(host, "default/disable_ipv6"), await host.ping(web, outside)]).toEqual(["1", true]);
  });

  sandboxTest("and every part of a gateway that is lost is put back by the command that made it", async (host) => {
    await vpcctl(host, ...vpc);
    const whole = await observed(host);
    const losses = [
      "ip -6 route delete fd00:a::/56",
      "ip -6 address delete fd76:7063:746c::1/128 dev igw-a; ip -6 route delete fd00:a::/56 || true",
      "ip -6 neighbour delete fe80::7676:3 dev igw-a",
      "ip -n vpc.a -6 neighbour delete fe80::7676:2 dev igw",
      "ip -n vpc.a -6 route delete default table 1002",
      "ip netns exec vpc.a sysctl -qw net.ipv6.conf.igw.disable_ipv6=1",
      "ip netns exec vpc.a nft flush set inet vpcctl open6",
      "nft flush set inet vpcctl prefixes6", "nft flush set inet vpcctl private6",
      "sysctl -qw net.ipv6.conf.igw-a.force_forwarding=0", "sysctl -qw net.ipv6.conf.uplink0.force_forwarding=0",
      "sysctl -qw net.ipv6.conf.igw-a.disable_ipv6=1",
    ];
    for (const loss of losses) {
      await host.sh(loss);
      expect([loss, (await observed(host)).join("\n") === whole.join("\n")]).toEqual([loss, false]);
      await vpcctl(host, "associate-ipv6-cidr a");
      expect([loss, ...(await observed(host))]).toEqual([loss, ...whole]);
    }
  });
});
