// A subnet that lies about who it is, with frames made by hand. At the end the guard is taken away, and every lie is heard.
import { describe, expect } from "bun:test";
import { sandboxTest } from "../support/sandbox-test.ts";
import { arpAnswer, arpFrame, icmp, ipv4Frame, sendFrames } from "./frames.ts";
import { watchPackets } from "./packet-watch.ts";
import { buildTutorialVpc, privateDb, publicWeb, router, vpcctl } from "./tutorial-vpc.ts";

const routerMac = "02:76:00:00:00:01";
const publicMac = "02:76:0a:00:01:04";
const privateMac = "02:76:0a:00:02:04";
const echo = { protocol: 1, payload: icmp(8) } as const;

/** What a subnet may not send. */
const lies: Readonly<Record<string, readonly Uint8Array[]>> = {
  "another subnet's address": [ipv4Frame({ from: publicMac, to: routerMac }, { from: "10.0.2.4", to: "10.0.1.1", ...echo })],
  "the router's address": [ipv4Frame({ from: publicMac, to: routerMac }, { from: "10.0.2.1", to: "10.0.2.4", ...echo })],
  "an address of the internet": [ipv4Frame({ from: publicMac, to: routerMac }, { from: "8.8.8.8", to: "10.0.2.4", ...echo })],
  "an address of its own subnet that nobody has": [ipv4Frame({ from: publicMac, to: routerMac }, { from: "10.0.1.5", to: "10.0.2.4", ...echo })],
  "another subnet's MAC and address": [ipv4Frame({ from: privateMac, to: routerMac }, { from: "10.0.2.4", to: "10.0.1.1", ...echo })],
  "its own address under another MAC": [ipv4Frame({ from: "02:00:00:00:00:99", to: routerMac }, { from: "10.0.1.4", to: "10.0.2.4", ...echo })],
  "the router's MAC": [ipv4Frame({ from: routerMac, to: privateMac }, { from: "10.0.1.4", to: "10.0.2.4", ...echo })],
  "a question in another's name": [arpFrame({ from: publicMac, to: "ff:ff:ff:ff:ff:ff" }, { ip: "10.0.2.4", mac: publicMac }, "10.0.2.1")],
  "a question that gives its own address another MAC": [arpFrame({ from: publicMac, to: "ff:ff:ff:ff:ff:ff" }, { ip: "10.0.1.4", mac: privateMac }, "10.0.1.1")],
  "a question in a frame of another's": [arpFrame({ from: privateMac, to: "ff:ff:ff:ff:ff:ff" }, { ip: "10.0.1.4", mac: publicMac }, "10.0.1.1")],
  "an answer in another's name": [arpAnswer({ from: publicMac, to: privateMac }, { ip: "10.0.2.1", mac: publicMac }, "10.0.2.4")],
  "to be the router of its own subnet": [arpAnswer({ from: publicMac, to: "ff:ff:ff:ff:ff:ff" }, { ip: "10.0.1.1", mac: publicMac }, "10.0.1.1")],
  "to be at another's MAC": [arpAnswer({ from: publicMac, to: "ff:ff:ff:ff:ff:ff" }, { ip: "10.0.1.4", mac: privateMac }, "10.0.1.4")],
};

describe("a subnet that lies about itself", () => {
  sandboxTest("is not heard, whatever it says", async (host) => {
    await buildTutorialVpc(host);
    const watch = await watchPackets(host, router, { family: "bridge", hook: "prerouting priority 0" }, "");
    let heard = 0;
    for (const [name, frames] of Object.entries(lies)) {
      await sendFrames(host, publicWeb, ...frames);
      expect([name, await watch.count()]).toEqual([name, heard]);
    }
    const truth = ipv4Frame({ from: publicMac, to: routerMac }, { from: "10.0.1.4", to: "10.0.2.4", ...echo });
    const question = arpFrame({ from: publicMac, to: "ff:ff:ff:ff:ff:ff" }, { ip: "10.0.1.4", mac: publicMac }, "10.0.1.1");
    await sendFrames(host, publicWeb, truth, question);
    // The packet, the question, and the other subnet's answer to the packet.
    expect(await watch.count()).toBe((heard = 3));
    await host.sh(["ip", "netns", "exec", router, "nft", "flush chain bridge vpcctl prerouting; add chain bridge vpcctl prerouting { policy accept; }"]);
    for (const [name, frames] of Object.entries(lies)) {
      await sendFrames(host, publicWeb, ...frames);
      const before = heard;
      heard = await watch.count();
      expect([name, heard > before]).toEqual([name, true]);
    }
  });

  sandboxTest("cannot send a frame to its neighbour past the router", async (host) => {
    await buildTutorialVpc(host);
    const frame = ipv4Frame({ from: publicMac, to: privateMac }, { from: "10.0.1.4", to: "10.0.2.4", ...echo });
    const watch = await watchPackets(host, privateDb, { family: "inet", hook: "input priority 0" }, "");
    await sendFrames(host, publicWeb, frame);
    expect(await watch.count()).toBe(0);
    await host.sh(`for port in v-public-web v-private-db; do bridge -n ${router} link set dev $port isolated off; done`);
    await sendFrames(host, publicWeb, frame);
    expect(await watch.count()).toBe(1);
  });
});

describe("an instance", () => {
  const mac = "02:76:0a:00:01:05";
  const neighbour = "02:76:0a:00:01:06";
  const packet = (from: string, ip: string) => ipv4Frame({ from, to: routerMac }, { from: ip, to: "10.0.2.4", ...echo });
  const claim = (from: string, ip: string, at: string) => arpAnswer({ from, to: "ff:ff:ff:ff:ff:ff" }, { ip, mac: at }, ip);
  /** Other addresses under its own MAC: what a router instance sends that passes something on. */
  const passedOn = [packet(mac, "10.0.1.6"), packet(mac, "8.8.8.8")];
  /** In the name of an instance beside it, and of the subnet itself. */
  const lies = [
    ...["10.0.1.6", "10.0.1.5", "8.8.8.8"].map((ip) => packet(neighbour, ip)),
    claim(mac, "10.0.1.6", mac),
    claim(mac, "10.0.1.4", mac),
    claim(mac, "10.0.1.5", neighbour),
  ];

  sandboxTest("speaks for nobody beside it; one that may route passes on what is not its own, and lies no more than others", async (host) => {
    await buildTutorialVpc(host);
    await vpcctl(host, "run-instance company-a public-web --name one", "run-instance company-a public-web --name two");
    const watch = await watchPackets(host, router, { family: "bridge", hook: "prerouting priority 0" }, 'iifname "i-one"');
    const send = (frames: readonly Uint8Array[]) => sendFrames(host, `${publicWeb}.one`, ...frames);
    await send([...passedOn, ...lies]);
    expect(await watch.count()).toBe(0);
    await send([packet(mac, "10.0.1.5"), claim(mac, "10.0.1.5", mac)]);
    expect(await watch.count()).toBe(2);
    await vpcctl(host, "modify-instance company-a one --source-dest-check false");
    await send(lies);
    expect(await watch.count()).toBe(2);
    await send(passedOn);
    expect(await watch.count()).toBe(4);
    await host.sh(["ip", "netns", "exec", router, "nft", "insert rule bridge vpcctl prerouting accept"]);
    await send(lies);
    expect(await watch.count()).toBe(4 + lies.length);
  });
});
