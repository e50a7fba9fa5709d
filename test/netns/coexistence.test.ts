// Others live on the host too: their firewalls close what we need open, their rules are flushed and reloaded, their things have our names.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { diffSnapshots, snapshotHost } from "../support/host-snapshot.ts";
import { plantForeign } from "../support/plant-foreign.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { kernelState, stateChange } from "./kernel-state.ts";
import { buildTutorialVpc, publicWeb, router, tutorialCommands, vpcctl } from "./tutorial-vpc.ts";

const again = "vpcctl enable-internet company-a public-web";

/** Forwarding chains of others, each of which lets no new flow through, and how to take our rules out of it. */
const firewalls: Readonly<Record<string, { readonly start: string; readonly without: string }>> = {
  "Docker's, by its policy": {
    start: `nft 'table ip filter {
      chain FORWARD { type filter hook forward priority filter; policy drop; iifname "docker0" accept; }
    }'`,
    without: "nft flush chain ip filter FORWARD",
  },
  "firewalld's, by its last rule": {
    start: `nft 'table inet firewalld {
      chain filter_FORWARD {
        type filter hook forward priority filter + 10; policy accept;
        ct state { established, related } accept; ct status dnat accept; reject with icmpx admin-prohibited;
      }
    }'`,
    without: `nft 'flush chain inet firewalld filter_FORWARD; add rule inet firewalld filter_FORWARD reject with icmpx admin-prohibited'`,
  },
};

describe("another's firewall that drops what is forwarded", () => {
  for (const [name, { start, without }] of Object.entries(firewalls)) {
    sandboxTest(`lets the public subnet out all the same: ${name}`, async (host) => {
      await host.sh(start);
      await buildTutorialVpc(host);
      expect(await host.ping(publicWeb, "8.8.8.8")).toBe(true);
      await host.sh(without);
      expect(await host.ping(publicWeb, "8.8.8.8")).toBe(false);
    });

    sandboxTest(`may be started later; the same command again opens it: ${name}`, async (host) => {
      await buildTutorialVpc(host);
      await host.sh(start);
      expect(await host.ping(publicWeb, "8.8.8.8")).toBe(false);
      expect(await host.sh(`${again} 2>/dev/null`)).toStartWith("Put right 2 things");
      expect(await host.ping(publicWeb, "8.8.8.8")).toBe(true);
      // It still keeps everybody else out.
      const before = await host.sh("nft -s list ruleset");
      await vpcctl(host, "cleanup");
      expect(before).toContain('accept comment "vpcctl company-a"');
      expect(await host.sh("nft list ruleset")).not.toContain("vpcctl");
    });
  }

  sandboxTest("of the old iptables is opened as well, and closed again", async (host) => {
    await host.sh("iptables-legacy -P FORWARD DROP; iptables-legacy -A FORWARD -s 192.168.77.0/24 -j ACCEPT");
    const rules = await host.sh("iptables-legacy -S");
    await buildTutorialVpc(host);
    expect(await host.ping(publicWeb, "8.8.8.8")).toBe(true);
    await host.sh("iptables-legacy -F FORWARD");
    expect(await host.ping(publicWeb, "8.8.8.8")).toBe(false);
    expect(await host.sh(`${again} 2>/dev/null`)).toStartWith("Put right 2 things");
    expect(await host.ping(publicWeb, "8.8.8.8")).toBe(true);
    await vpcctl(host, "cleanup");
    await host.sh("iptables-legacy -A FORWARD -s 192.168.77.0/24 -j ACCEPT");
    expect(await host.sh("iptables-legacy -S")).toBe(rules);
  });

  sandboxTest("that drops single packets on purpose keeps doing so", async (host) => {
    await host.sh(`nft 'table inet mine {
      chain forward { type filter hook forward priority 0; policy accept; ip daddr 1.1.1.1 drop; }
    }'`);
    await buildTutorialVpc(host);
    expect([await host.ping(publicWeb, "8.8.8.8"), await host.ping(publicWeb, "1.1.1.1")]).toEqual([true, false]);
  });
});

describe("a reload of everybody's rules", () => {
  sandboxTest("takes ours along; the same command again brings them back, and isolation with them", async (host) => {
    await plantForeign(host);
    await buildTutorialVpc(host);
    await host.sh(`nft -s list ruleset >/run/all; nft flush ruleset; sed -i '/table inet vpcctl {/,/^}/d; /comment "vpcctl/d' /run/all; nft -f /run/all`);
    expect(await host.ping(publicWeb, "8.8.8.8")).toBe(false);
    await host.sh(again);
    expect([await host.ping(publicWeb, "8.8.8.8"), await host.ping(publicWeb, "203.0.113.2")]).toEqual([true, false]);
  });
});

/** What the host has with a name that we want, made by somebody else, and the command that would want it. */
const taken: Readonly<Record<string, { readonly make: string; readonly built: number; readonly command: string }>> = {
  "a namespace named like the router": { make: `ip netns add ${router}`, built: 0, command: "create-vpc company-a 10.0.0.0/16" },
  "a namespace named like the subnet": { make: `ip netns add ${publicWeb}`, built: 1, command: "add-subnet company-a public-web 10.0.1.0/24" },
  "a link named like the gateway": { make: "ip link add igw-company-a type bridge", built: 3, command: "enable-internet company-a public-web" },
  "a table named like ours": {
    make: `nft 'table inet vpcctl {
      chain forward { type filter hook forward priority 5; policy accept; counter; }
    }'`,
    built: 3,
    command: "enable-internet company-a public-web",
  },
};

describe("what bears our name and is not ours stays as it is:", () => {
  for (const [name, { make, built, command }] of Object.entries(taken)) {
    sandboxTest(`${name}; the command says so and ends with 4`, async (host) => {
      await vpcctl(host, ...tutorialCommands.slice(0, built));
      await host.sh(make);
      const before = await kernelState(host);
      const { exitCode, stderr } = await host.run(`vpcctl ${command}`);
      expect([exitCode, stderr.includes("[HostConflict]")]).toEqual([4, true]);
      expect(stateChange(before, await kernelState(host))).toEqual([]);
    });

    sandboxTest(`${name}, through cleanup`, async (host) => {
      await host.sh(make);
      const before = await snapshotHost(host);
      await vpcctl(host, ...tutorialCommands.slice(0, built), "cleanup");
      expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
    });
  }

  sandboxTest("a namespace that took the place of ours is not built into, by this command or by the next", async (host) => {
    await buildTutorialVpc(host);
    await replaceRouter(host);
    const before = await snapshotHost(host);
    expect((await host.run(again)).exitCode).toBe(4);
    expect((await host.run("vpcctl add-subnet company-a another 10.0.3.0/24")).exitCode).toBe(4);
    const after = await snapshotHost(host);
    expect(diffSnapshots(before, after).filter((line) => line.startsWith(`${router}:`))).toEqual([]);
    // Other VPCs are not held up by it.
    await vpcctl(host, "create-vpc company-b 10.0.0.0/16");
  });
});

async function replaceRouter(host: FakeHost): Promise<void> {
  await host.sh(`ip netns delete ${router}; while ip link show igw-company-a >/dev/null 2>&1; do :; done; ip netns add ${router}`);
}

describe("cleanup gives the host back", () => {
  /** What somebody else took away before; nothing of it is there to tell what we had. */
  const removed: Readonly<Record<string, string>> = {
    "a router's namespace": `ip netns delete ${router}; while ip link show igw-company-a >/dev/null 2>&1; do :; done`,
    "a gateway's link": "ip link delete igw-company-a",
    "every namespace": `for namespace in $(ls /run/netns); do case $namespace in vpc.company-a*) ip netns delete $namespace ;; esac; done
      while ip link show igw-company-a >/dev/null 2>&1; do :; done`,
  };
  for (const [name, remove] of Object.entries(removed)) {
    sandboxTest(`although somebody has deleted ${name}`, async (host) => {
      const before = await snapshotHost(host);
      await buildTutorialVpc(host);
      await host.sh(remove);
      await vpcctl(host, "cleanup");
      expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
    });
  }

  sandboxTest("of one VPC, whose namespace somebody has deleted, and leaves nothing of it in what it shares", async (host) => {
    await vpcctl(host, "create-vpc company-b 10.0.0.0/16", "add-subnet company-b web 10.0.1.0/24", "enable-internet company-b web");
    const before = await snapshotHost(host);
    await buildTutorialVpc(host);
    await host.sh(removed["a router's namespace"] ?? "");
    await vpcctl(host, "cleanup company-a");
    expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
    expect(await host.ping("vpc.company-b.web", "8.8.8.8")).toBe(true);
  });
});
