// The script that --dry-run prints does what the command does: each runs on a host of its own, and then the kernels hold the same.
import { describe, expect, test } from "bun:test";
import { fakeHost, type FakeHost } from "../support/fake-host.ts";
import { plantForeign } from "../support/plant-foreign.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { kernelState, stateChange } from "./kernel-state.ts";
import { observed } from "./observed.ts";
import { tutorialCommands, vpcctl } from "./tutorial-vpc.ts";

interface Scene {
  /** Prepares both hosts. */
  readonly before?: (host: FakeHost) => Promise<unknown>;
  /** The words after `vpcctl`. */
  readonly command: string;
}

const built = (count: number) => (host: FakeHost) => vpcctl(host, ...tutorialCommands.slice(0, count));
const secondVpc = ["create-vpc company-b 10.0.0.0/16", "add-subnet company-b web 10.0.1.0/24", "enable-internet company-b web"];
const peered = ["create-vpc company-b 10.1.0.0/16", "add-subnet company-b web 10.1.1.0/24", "peer company-a company-b"];
const peers = (count: number) => (host: FakeHost) => vpcctl(host, ...tutorialCommands.slice(0, 3), ...peered.slice(0, count));
const strictAcl = [
  "create-network-acl company-a strict",
  "create-network-acl-entry company-a strict --rule-number 100 --ingress --action allow --protocol tcp --port 80-90 --cidr 10.0.1.0/24",
  "associate-network-acl company-a private-db strict",
];
const strict = (count: number) => (host: FakeHost) => vpcctl(host, ...tutorialCommands.slice(0, 3), ...strictAcl.slice(0, count));
const groups = [
  "create-security-group company-a web",
  "authorize-ingress company-a web --protocol tcp --port 80-90 --cidr 10.0.0.0/8 --group default",
  "authorize-ingress company-a web --protocol tcp --port 443 --cidr 10.0.2.0/24",
  "set-security-groups company-a public-web --security-group web --security-group default",
];
const grouped = (count: number) => (host: FakeHost) => host.sh("vpcctl batch -", { stdin: [...tutorialCommands.slice(0, 3), ...groups.slice(0, count)].join("\n") });
const policy = "'{\"subnet\": \"10.0.1.0/24\", \"ingress\": [{\"port\": 80, \"protocol\": \"tcp\", \"action\": \"allow\"}]}'";
const allOfIt = `"${["create-vpc long-name-of-a-company 10.0.0.0/16", ...[1, 2, 3].map((i) => `add-subnet long-name-of-a-company long-name-of-subnet-${i} 10.0.${i}.0/24`),
  "enable-internet long-name-of-a-company long-name-of-subnet-2"].join("\\n")}"`;

const scenes: Readonly<Record<string, Scene>> = {
  "a VPC": { command: "create-vpc company-a 10.0.0.0/16" },
  "a subnet": { before: built(1), command: "add-subnet company-a public-web 10.0.1.0/24" },
  "a second subnet": { before: built(2), command: "add-subnet company-a private-db 10.0.2.0/24" },
  "internet": { before: built(3), command: "enable-internet company-a public-web" },
  "internet for a second subnet": { before: built(4), command: "enable-internet company-a private-db" },
  "internet for a second VPC": { before: async (host) => vpcctl(host, ...tutorialCommands, ...secondVpc.slice(0, 2)), command: secondVpc[2] ?? "" },
  "internet on a host whose firewalls drop": {
    before: async (host) => {
      await plantForeign(host, { rejecting: true });
      await built(3)(host);
    },
    command: "enable-internet company-a public-web",
  },
  "internet taken away": { before: built(4), command: "disable-internet company-a public-web" },
  "a subnet deleted": { before: built(4), command: "delete-subnet company-a public-web" },
  "a VPC deleted with all it has": { before: built(4), command: "delete-vpc company-a --force" },
  "cleanup": {
    before: async (host) => {
      await plantForeign(host, { rejecting: true });
      await vpcctl(host, ...tutorialCommands, ...secondVpc);
    },
    command: "cleanup",
  },
  "cleanup of one VPC of two": { before: async (host) => vpcctl(host, ...tutorialCommands, ...secondVpc), command: "cleanup company-b" },
  "a peering limited to blocks": { before: peers(2), command: "peer company-a company-b --requester-cidr 10.0.2.0/24 --accepter-cidr 10.1.1.0/24" },
  "a peering ended": { before: peers(3), command: "unpeer company-a company-b" },
  "a peered VPC deleted with all it has": { before: peers(3), command: "delete-vpc company-a --force" },
  "cleanup of a peered VPC": { before: peers(3), command: "cleanup company-b" },
  "another main table": {
    before: async (host) => vpcctl(host, ...tutorialCommands, "create-route-table company-a private", "run-instance company-a private-db --name one"),
    command: "set-main-route-table company-a private",
  },
  "security groups put to use": { before: grouped(3), command: groups[3] ?? "" },
  "security groups put out of use": { before: grouped(4), command: "set-security-groups company-a public-web --security-group default" },
  "a rule that overlaps others": { before: grouped(4), command: "authorize-ingress company-a web --protocol tcp --cidr 0.0.0.0/0" },
  "a policy": {
    before: async (host) => {
      await grouped(4)(host);
      await host.sh(`printf %s ${policy} >/run/policy`);
    },
    command: "apply-policy company-a /run/policy",
  },
  "a network ACL put to use": { before: strict(2), command: strictAcl[2] ?? "" },
  "a network ACL put out of use": { before: strict(3), command: "associate-network-acl company-a private-db default" },
  "a partition": { before: strict(3), command: "partition company-a public-web private-db" },
  "a wire pulled": { before: built(3), command: "link-down company-a public-web" },
  "IPv6 for a VPC with internet": { before: built(4), command: "associate-ipv6-cidr company-a" },
  "internet by IPv6": {
    before: async (host) => vpcctl(host, ...tutorialCommands.slice(0, 3), "associate-ipv6-cidr company-a fd00:a::/56", "create-egress-only-internet-gateway company-a"),
    command: "enable-internet company-a public-web",
  },
  "IPv6 taken away": { before: async (host) => vpcctl(host, "create-vpc company-a 10.0.0.0/16 --ipv6", ...tutorialCommands.slice(1)), command: "disassociate-ipv6-cidr company-a" },
  "a batch": { before: async (host) => host.sh(`printf ${allOfIt} >/run/lines`), command: "batch /run/lines" },
  "what has drifted": {
    before: async (host) => {
      await built(4)(host);
      await host.sh("nft flush ruleset; ip -n vpc.company-a link delete v-public-web; ip -n vpc.company-a route replace unreachable default table 1002");
    },
    command: "enable-internet company-a public-web",
  },
};

/** What an act changes in the kernel of a host prepared for it. */
async function changeOf(host: FakeHost, prepare: Scene["before"], act: () => Promise<unknown>): Promise<string[]> {
  await prepare?.(host);
  const before = await kernelState(host);
  await act();
  return stateChange(before, await kernelState(host));
}

describe("the script of --dry-run leaves the kernel as the command does:", () => {
  for (const [name, { before, command }] of Object.entries(scenes)) {
    test(name, async () => {
      await using one = await fakeHost();
      await using other = await fakeHost();
      const [byCommand, byScript] = [
        await changeOf(one, before, async () => one.sh(`vpcctl ${command}`)),
        await changeOf(other, before, async () => {
          const untouched = await kernelState(other);
          await other.sh(`vpcctl ${command} --dry-run >/run/script`);
          expect(stateChange(untouched, await kernelState(other))).toEqual([]);
          await other.sh("bash /run/script");
        }),
      ];
      expect(byScript).toEqual(byCommand);
      expect(byScript).not.toEqual([]);
      expect(await observed(other)).toEqual(await observed(one));
    });
  }
});

sandboxTest("--explain does what it tells, and tells what --dry-run told", async (on) => {
  const planned = await on.sh("vpcctl create-vpc company-a 10.0.0.0/16 --dry-run");
  const told = await on.sh("vpcctl create-vpc company-a 10.0.0.0/16 --explain 2>/dev/null");
  expect(told).toBe(planned);
  expect(await on.sh("ip netns list")).toContain("vpc.company-a");
});

sandboxTest("every step has its reason in a comment before it", async (on) => {
  for (const command of [...tutorialCommands, "cleanup"]) {
    const script = await on.sh(`vpcctl ${command} --explain 2>/dev/null`);
    const body = script.slice(script.indexOf("set -euo pipefail\n") + "set -euo pipefail\n".length);
    expect(body).toMatch(/^\n# \S/);
    expect(body).not.toMatch(/^#\s*$/m);
  }
});
