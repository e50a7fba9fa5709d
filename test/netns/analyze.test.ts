// What the truth table does not ask, because nobody else's address is meant: a place's own, those of its router and resolver, and those that
// nothing is routed to. And names of places whose address means somebody else to the sender.
import { expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { router, tutorialCommands, vpcctl } from "./tutorial-vpc.ts";

const mute = "vpc.company-a.public-web.mute";

/** Who lets nothing out and nothing in. */
const build = [
  ...tutorialCommands,
  "associate-ipv6-cidr company-a fd00:1234:5678::/56",
  "enable-dns company-a",
  "create-security-group company-a shut",
  "revoke-egress company-a shut --protocol all --cidr 0.0.0.0/0",
  "revoke-egress company-a shut --protocol all --cidr ::/0",
  "run-instance company-a public-web --name mute --security-group shut",
];

/** What analyze says, and what a ping does. */
async function opinions(host: FakeHost, to: string): Promise<readonly [analyzed: boolean, reached: boolean]> {
  const { exitCode, stderr } = await host.run(`vpcctl analyze company-a/mute ${to}`);
  if (exitCode > 1) throw new Error(stderr);
  return [exitCode === 0, await host.ping(mute, to)];
}

const near = ["10.0.1.5", "10.0.1.1", "10.0.2.1", "10.0.0.2", "10.0.1.2", "169.254.169.253", "fd00:1234:5678::1", "fd00:ec2::253", "fd00:1234:5678::a00:105"];
const far = ["10.0.1.3", "169.254.169.254", "169.254.64.2", "198.18.0.1", "198.18.0.2", "10.0.1.4", "8.8.8.8", "2001:4860:4860::8888"];

sandboxTest("whoever may send nothing still reaches itself, its router and its resolver, and that is what analyze says", async (host) => {
  await vpcctl(host, ...build);
  const all = [...near, ...far];
  const said = await Promise.all(all.map((address) => opinions(host, address)));
  expect(said.map((two, at) => [all[at], ...two])).toEqual(all.map((address) => [address, near.includes(address), near.includes(address)]));
  // The control: with the lines taken away that let it in, packets are of another opinion.
  await host.sh(["ip", "netns", "exec", router, "nft", "flush chain inet vpcctl input"]);
  expect(await opinions(host, "10.0.1.1")).toEqual([true, false]);
  expect(await opinions(host, "10.0.1.5")).toEqual([true, true]);
});

sandboxTest("of a VPC with the same addresses, a place is not taken for the one that the sender has itself", async (host) => {
  await vpcctl(host, "create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24");
  await vpcctl(host, "create-vpc twin 10.0.0.0/16", "add-subnet twin web 10.0.1.0/24", "add-subnet twin db 10.0.2.0/24");
  const analyzed = async (to: string): Promise<number> => (await host.run(`vpcctl analyze a/web ${to}`)).exitCode;
  expect([await analyzed("a/db"), await analyzed("twin/db"), await analyzed("twin/web")]).toEqual([0, 1, 1]);
  // Whoever it is that answers at the address, it is not the twin: that one is cut off, and the answer comes all the same.
  await vpcctl(host, "link-down twin db");
  expect(await host.ping("vpc.a.web", "10.0.2.4")).toBeTrue();
  await vpcctl(host, "link-down a db");
  expect(await host.ping("vpc.a.web", "10.0.2.4")).toBeFalse();
});

sandboxTest("from the internet nobody reaches a public address, from the host everybody whom groups let in; analyze says so", async (host) => {
  await vpcctl(host, ...tutorialCommands, "authorize-ingress company-a default --protocol all --cidr 0.0.0.0/0");
  await host.sh("ip -n internet route add 198.18.0.0/15 via 203.0.113.2");
  const both = async (from: string, namespace: string) => [(await host.run(`vpcctl analyze ${from} company-a/public-web`)).exitCode, await host.ping(namespace, "198.18.0.2")];
  expect([await both("host", ""), await both("internet", "internet")]).toEqual([[0, true], [1, false]]);
  // The control: it is the host's own table that keeps them out.
  await host.sh("nft delete table inet vpcctl && sysctl -qw net.ipv4.conf.all.forwarding=1");
  expect(await host.ping("internet", "198.18.0.2")).toBe(true);
});
