// Somebody changes the rules of groups in the kernel by hand. The next command that needs no change puts them right, no more and no less.
import { describe, expect } from "bun:test";
import { sandboxTest } from "../support/sandbox-test.ts";
import { observed } from "./observed.ts";
import { vpcctl } from "./tutorial-vpc.ts";

const vpc = [
  "create-vpc a 10.0.0.0/16",
  "add-subnet a web 10.0.1.0/24",
  "add-subnet a db 10.0.2.0/24",
  "create-security-group a web",
  "authorize-ingress a web --protocol tcp --port 80 --cidr 10.0.0.0/8 --group default",
  "authorize-ingress a web --protocol icmp --icmp-type 8 --cidr 10.0.2.4/32",
  "authorize-ingress a web --protocol tcp --port 5000-5010 --cidr fd00::/8",
  "set-security-groups a web --security-group web",
];
const again = "set-security-groups a web --security-group web";

const damages: Readonly<Record<string, readonly [commands: string, steps: readonly string[]]>> = {
  "an element that is gone": ["delete element inet vpcctl sg.web.in4 { 10.0.0.0/8 . tcp . 80 }", ["add nft element vpc.a inet sg.web.in4 10.0.0.0/8 . 6 . 80"]],
  "an element too many": ["add element inet vpcctl sg.web.in4 { 11.0.0.0/8 . 0-255 . 0-65535 }", ["delete nft element vpc.a inet sg.web.in4 11.0.0.0/8 . 0-255 . 0-65535"]],
  "an element in the place of one that it overlaps": [
    "delete element inet vpcctl sg.web.in4 { 10.0.0.0/8 . tcp . 80 }; add element inet vpcctl sg.web.in4 { 0.0.0.0/0 . tcp . 0-65535 }",
    ["delete nft element vpc.a inet sg.web.in4 0.0.0.0/0 . 6 . 0-65535", "add nft element vpc.a inet sg.web.in4 10.0.0.0/8 . 6 . 80"],
  ],
  "sets that were emptied": [
    "flush set inet vpcctl sg.web.in6; flush set inet vpcctl sg.web.out4",
    ["add nft element vpc.a inet sg.web.in6 fd00::/8 . 6 . 5000-5010", "add nft element vpc.a inet sg.web.out4 0.0.0.0/0 . 0-255 . 0-65535"],
  ],
  "a chain that was emptied": ["flush chain inet vpcctl in.web", ["change nft chain vpc.a inet in.web"]],
  "a chain with a rule of somebody's own": ["insert rule inet vpcctl in.web accept", ["change nft chain vpc.a inet in.web"]],
  "a gate that leads to other groups": [
    "delete element inet vpcctl ingress { 10.0.1.4 }; add element inet vpcctl ingress { 10.0.1.4 : goto in.default }",
    ["change nft element vpc.a inet ingress 10.0.1.4"],
  ],
  "a member with the number of another group": [
    "delete element inet vpcctl identities { 10.0.1.4 }; add element inet vpcctl identities { 10.0.1.4 : 5 }",
    ["change nft element vpc.a inet identities 10.0.1.4"],
  ],
};

describe("the same command again puts right", () => {
  for (const [name, [commands, steps]] of Object.entries(damages)) {
    sandboxTest(name, async (host) => {
      await vpcctl(host, ...vpc);
      const right = await observed(host);
      await host.sh(["ip", "netns", "exec", "vpc.a", "nft", commands]);
      expect(await observed(host)).not.toEqual(right);
      const answer = JSON.parse(await host.sh(`vpcctl ${again} --explain --json`)) as { readonly steps: readonly { readonly action: string; readonly subject: string }[] };
      expect(answer.steps.map(({ action, subject }) => `${action} ${subject}`)).toEqual([...steps]);
      expect(await observed(host)).toEqual(right);
    }, { internet: false });
  }
});
