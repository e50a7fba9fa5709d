// What a sender in a VPC with IPv6 may claim, told by frames made by hand. Each lie is heard once what silences it is taken away.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { icmpv6, ipv6Frame, sendFrames } from "./frames.ts";
import { db, dbAddress, dbMac, insideVpc, router, routerMac, web, web1Address, webAddress, webMac } from "./ipv6-vpc.ts";
import { watchPackets } from "./packet-watch.ts";
import { vpcctl } from "./tutorial-vpc.ts";

const ICMPV6 = 58;
const noInternet = { internet: false };
const inRouter = (host: FakeHost, commands: string): Promise<string> => host.sh(["ip", "netns", "exec", router, "nft", commands]);

describe("a sender", () => {
  const echo = (from: string, to = dbAddress, mac = webMac): Uint8Array =>
    ipv6Frame({ from: mac, to: routerMac }, { from, to, protocol: ICMPV6, payload: icmpv6(128, from, to) });

  sandboxTest("cannot speak in the name of another", async (host) => {
    await vpcctl(host, ...insideVpc);
    const watch = await watchPackets(host, router, { family: "inet", hook: "prerouting priority -400" }, `ip6 daddr ${dbAddress}`);
    const addresses = [web1Address, "fd00:b::1", "fe80::1", "::", "fd00:a::1", "2001:db8::1"].map((from) => echo(from));
    const lies = [...addresses, echo(webAddress, dbAddress, "02:76:0a:00:01:05")];
    await sendFrames(host, web, ...lies);
    expect(await watch.count()).toBe(0);
    await sendFrames(host, web, echo(webAddress));
    expect(await watch.count()).toBe(1);
    await inRouter(host, "add rule bridge vpcctl prerouting accept");
    await sendFrames(host, web, ...lies);
    expect(await watch.count()).toBe(1 + lies.length);
  }, noInternet);

  // Who could answer for a neighbour, or advertise himself as a router, would get what is meant for others.
  const everybody = "ff02::1";
  const tales = (destination: string, mac: string): Uint8Array[] =>
    [133, 134, 135, 136, 137, 130, 143].map((type) => {
      const payload = icmpv6(type, webAddress, destination, Buffer.alloc(36));
      return ipv6Frame({ from: webMac, to: mac }, { from: webAddress, to: destination, protocol: ICMPV6, payload });
    });

  sandboxTest("cannot tell anybody who is where: neither a neighbour nor the router hears of it", async (host) => {
    await vpcctl(host, ...insideVpc);
    // Its own tales alone: each namespace reports now and then what it listens to.
    const told = `ip6 saddr ${webAddress} icmpv6 type { 130-143 }`;
    const atRouter = await watchPackets(host, router, { family: "inet", hook: "prerouting priority -400" }, told);
    const atDb = await watchPackets(host, db, { family: "inet", hook: "prerouting priority -400" }, told);
    const frames = [...tales(everybody, "33:33:00:00:00:01"), ...tales("fd00:a::1", routerMac), ...tales(dbAddress, dbMac)];
    await sendFrames(host, web, ...frames);
    expect([await atRouter.count(), await atDb.count()]).toEqual([0, 0]);
    await inRouter(host, "insert rule bridge vpcctl prerouting accept");
    await sendFrames(host, web, ...frames);
    expect(await atRouter.count()).toBe(14);
    // And past the router: the ports are isolated, whatever the rules say.
    expect(await atDb.count()).toBe(0);
    await host.sh(`for port in v-web v-db; do bridge -n ${router} link set dev $port isolated off; done`);
    await sendFrames(host, web, ...tales(dbAddress, dbMac));
    // What it then asks and is answered comes on top.
    expect(await atDb.count()).toBeGreaterThanOrEqual(7);
  }, noInternet);
});
