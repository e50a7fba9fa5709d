// What holds a peering is put right when it has drifted, from either side, and goes without a trace.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { kernelState, stateChange } from "./kernel-state.ts";
import { batch, inRouter, noInternet, openVpc } from "./peered-vpcs.ts";

const chain = [...openVpc("a", "10.0.0.0/16"), ...openVpc("b", "10.1.0.0/16"), ...openVpc("c", "10.2.0.0/16"), "peer a b", "peer b c"];
const members = ["authorize-ingress b default --protocol tcp --port 443 --group a/default"];

/** By what is missing afterwards, or should be. */
const damages: Readonly<Record<string, string>> = {
  "a wire that was cut at the requester's end": "ip -n vpc.a link delete pcx-a-b",
  "a wire that was cut at the accepter's end": "ip -n vpc.b link delete pcx-a-b",
  "an end that is down": "ip -n vpc.b link set pcx-a-b down",
  "an end with another MAC": "ip -n vpc.a link set pcx-a-b address 02:00:00:00:00:01",
  "an end without its mark": "ip -n vpc.b link set pcx-a-b alias ''",
  "a transit address that was taken away": "ip -n vpc.b address delete 169.254.128.3/32 dev pcx-a-b",
  "a neighbour that was taken away": "ip -n vpc.a neighbour delete 169.254.128.3 dev pcx-a-b",
  "a route that was taken away": "ip -n vpc.b route delete 10.0.0.0/16 table 1001",
  "blocks that were taken away": "ip netns exec vpc.a nft flush set inet vpcctl to-peers",
  "a block that nobody asked for": "ip netns exec vpc.b nft add element inet vpcctl from-peers '{ \"pcx-a-b\" . 10.3.0.0/16 . 10.1.0.0/16 }'",
  "a member that was forgotten": "ip netns exec vpc.b nft flush map inet vpcctl peer-identities",
};

/** Damages, each put right by the command before the next comes; in the end the kernel holds what it held. */
async function expectMended(host: FakeHost, repairs: readonly (readonly [damage: string, command: string])[]): Promise<void> {
  const before = await kernelState(host);
  for (const [damage, command] of repairs) {
    await host.sh(damage);
    expect(await host.sh(`vpcctl ${command}`), damage).toStartWith("Put right");
    expect(await host.sh(`vpcctl ${command}`), damage).toStartWith("Nothing to do");
  }
  expect(stateChange(before, await kernelState(host))).toEqual([]);
}

describe("what holds a peering", () => {
  sandboxTest("is put right by the command that connected the VPCs", async (host) => {
    await batch(host, ...chain, ...members);
    await expectMended(host, Object.values(damages).map((damage) => [damage, "peer a b"]));
  }, noInternet);

  sandboxTest("is put right at both its ends by a command about one VPC, and even about a subnet alone", async (host) => {
    await batch(host, ...chain, ...members);
    const cut = "ip -n vpc.a link delete pcx-a-b";
    await expectMended(host, ["add-subnet a web 10.0.1.0/24", "add-subnet b db 10.1.2.0/24"].map((command) => [cut, command]));
  }, noInternet);

  sandboxTest("between others is none of a third VPC's business", async (host) => {
    await batch(host, ...chain, ...openVpc("d", "10.3.0.0/16"));
    await host.sh("ip -n vpc.a link delete pcx-a-b");
    expect(await host.sh("vpcctl add-subnet d web 10.3.1.0/24")).toStartWith("Nothing to do");
    expect(await host.sh("vpcctl add-subnet a web 10.0.1.0/24")).toStartWith("Put right");
  }, noInternet);
});

describe("a peering goes without a trace", () => {
  for (const [command, words] of Object.entries({ unpeer: "unpeer b c", "delete-vpc": "delete-vpc c --force", cleanup: "cleanup c" })) {
    sandboxTest(`by ${command}`, async (host) => {
      await batch(host, ...chain.filter((line) => line !== "peer b c"));
      const before = await kernelState(host);
      await batch(host, "peer b c", "authorize-ingress b default --protocol tcp --port 443 --group c/default");
      await host.sh(`vpcctl ${words} --quiet; vpcctl revoke-ingress b default --protocol tcp --port 443 --group c/default --quiet`);
      const traces = stateChange(before, await kernelState(host)).filter((line) => !line.includes("vpc.c") && !line.includes("10.2.0.0/16"));
      expect(traces).toEqual([]);
      expect(await inRouter(host, "b", "ip link")).not.toContain("pcx-b-c");
      expect(await host.sh("vpcctl peer a b")).toStartWith("Nothing to do");
    }, noInternet);
  }
});

sandboxTest("a peering that is ended and made again under its name in one change is what was asked for last", async (host) => {
  const [toB, toC, fromC] = ["create-peering x a b --accept", "create-peering x a c --accept", "create-peering x c a --accept --requester-cidr 10.2.1.0/24"];
  const routes = ["create-route a main 10.2.0.0/16 peering/x", "create-route c main 10.0.0.0/16 peering/x"];
  await batch(host, ...chain.filter((line) => !line.startsWith("peer ")), toB);
  const ping = (): Promise<boolean> => host.ping("vpc.a.web", "10.2.1.4");
  await batch(host, "delete-peering x", toC, ...routes);
  expect([await ping(), await host.sh(`vpcctl ${toC}`)]).toEqual([true, expect.stringContaining("Nothing to do")]);
  expect(await inRouter(host, "b", "ip link")).not.toContain("pcx");
  await batch(host, "delete-peering x", fromC);
  expect([await ping(), await host.sh(`vpcctl ${fromC}`)]).toEqual([true, expect.stringContaining("Nothing to do")]);
  await batch(host, "delete-vpc c --force", ...openVpc("c", "10.2.0.0/16"), "peer a c --name x");
  expect([await ping(), await host.sh("vpcctl peer a c")]).toEqual([true, expect.stringContaining("Nothing to do")]);
}, noInternet);
