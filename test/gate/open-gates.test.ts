// The gates' own instrument: guards are taken away by hand, and it must notice.
import { expect } from "bun:test";
import { sandboxTest } from "../support/sandbox-test.ts";
import { openGates } from "./open-gates.ts";

const lines = ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "enable-internet a web"].join("\n");

const thefts = [
  ["ip netns exec vpc.a nft delete table bridge vpcctl", "vpc.a has ports without a guard"],
  ["ip netns exec vpc.a nft delete chain inet vpcctl forward", "vpc.a has ports without a guard"],
  ["nft delete element inet vpcctl gateways '{ igw-a }'", "vpc.a has a way to the host without a guard"],
  ["nft flush chain inet vpcctl input", "vpc.a has a way to the host without a guard"],
  ["nft flush chain inet vpcctl forward", "the uplink forwards without a guard"],
] as const;

for (const [theft, noticed] of thefts) {
  sandboxTest(`after \`${theft}\` ${noticed}`, async (host) => {
    await host.sh("vpcctl batch -", { stdin: lines });
    expect(await openGates(host)).toEqual([]);
    await host.sh(theft);
    expect(await openGates(host)).toContain(noticed);
  });
}
