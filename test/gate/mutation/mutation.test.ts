// Gate 12: each class of generated rule is taken away by hand, and somebody must notice. Then the product puts it back.
import { expect, test } from "bun:test";
import { fakeHost } from "../../support/fake-host.ts";
import { worldAfter } from "../../support/verb-line.ts";
import { lines } from "./model.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import { Witnesses } from "./witnesses.ts";

/** What may go unnoticed, and why: what it does is not a question of who reaches whom, or something else does it as well. */
const unnoticed: readonly (readonly [name: RegExp, why: string])[] = [
  [/: (no rule of any of these groups allows it|nobody is there|everything else stays here)$/, "what falls off the end of a chain meets the policy of the hook, which drops"],
  [/there is no other way from the gateway of one VPC to that of another$/, "nothing else is routed to a gateway; it guards against routes of others"],
  [/^sysctl: net\/bridge\//, "frames run through the IP hooks only where br_netfilter is loaded; then a test of coexistence notices"],
  [/^sysctl: net\/ipv[46]\/conf\/default\//, "a link takes it over when it is made, and these are made"],
  [/^sysctl: .*(send_redirects|proxy_delay|accept_local)$/, "it decides how quickly something arrives or what senders are told, not whether it arrives"],
  [/^sysctl: net\/ipv4\/conf\/br-\*\/proxy_arp$/, "a VPC with several bridges needs it; the test with 1,030 instances notices"],
  [/^sysctl: net\/ipv6\/conf\/(br-\*|igw)\/(addr_gen_mode|disable_ipv6)$/, "chatter on the wire; a test counts it"],
  [/^router, bridge prerouting: who is where is written down/, "neighbour discovery that nobody answers; the test of rogue routers notices"],
  [/by IPv6 nothing leaves a VPC that is not its own$/, "every sender was checked at its port before; it guards against a router that is somebody else's by now"],
  [/under its Elastic IP and one of 55,000 ports per destination$/, "the line after it translates too, with any port; the test of a NAT gateway that runs out of ports notices"],
  [/inet acl\.\*: entry 80: deny$/, "the model has it to show that inside a subnet an ACL has no say"],
  [/this host did not forward IPv6 from here before and does not now$/, "only where the host has a second IPv6 network, which this one has not"],
  [/^neighbour: /, "without it the kernel asks by ARP: the first packet is later, not lost"],
  [/^route: No default route (for IPv6 )?means silence/, "the main table, which comes last, ends in silence as well"],
  [/^route: An IPv6 address of the VPC that no subnet has/, "the host has a route for the whole block and sends it straight back, where nobody is"],
  [/^(route|rule): What comes from a gateway or a peering has no route table/, "translation and the peering's blocks let nothing else come that far"],
  [/^sysctl: net\/ipv6\/conf\/all\/disable_ipv6$/, "chatter inside a VPC without IPv6; a test counts it"],
];

/** Each does what the other does: only when both are gone does anybody notice. */
const doubled: readonly (readonly [RegExp, RegExp])[] = [
  [/^host, inet forward: nothing leaves that its router did not translate$/, /^router, inet postrouting: who has no public address does not get out$/],
];

test("whatever class of rule is taken away, somebody notices", async () => {
  await using host = await fakeHost();
  await host.sh("vpcctl batch -", { stdin: lines.join("\n") });
  const world = worldAfter(lines);
  const witnesses = await Witnesses.call(host, world);
  const untouched = await witnesses.hear(500);
  expect(await witnesses.notice(untouched)).toEqual([]);
  const survivors: string[] = [];
  const noticed: string[] = [];
  const single = await mutantsOf(host, world);
  const isDoubled = ({ name }: Mutant): boolean => doubled.some((pair) => pair.some((pattern) => pattern.test(name)));
  const pairs = doubled.map((pair): Mutant => {
    const both = pair.map((pattern) => single.find(({ name }) => pattern.test(name)));
    return { name: both.map((mutant) => mutant?.name ?? "(missing)").join(" and "), theft: both.map((mutant) => mutant?.theft ?? "false").join("\n") };
  });
  for (const { name, theft } of [...single.filter((mutant) => !isDoubled(mutant)), ...pairs]) {
    const { exitCode, stderr } = await host.run(["bash", "-c", `set -e\n${theft}`]);
    const seen = exitCode === 0 ? await witnesses.notice(untouched) : [];
    if (seen.length > 0) noticed.push(name);
    else if (!unnoticed.some(([pattern]) => pattern.test(name))) survivors.push(exitCode === 0 ? name : `${name} (could not be taken away: ${stderr.trim().slice(0, 200)})`);
    if (process.env["VERBOSE"]) console.log(seen.length > 0 ? "noticed " : "SURVIVED", name, seen.slice(0, 2), exitCode === 0 ? "" : stderr.trim().slice(0, 300));
    await host.sh("vpcctl batch -", { stdin: lines.join("\n") });
  }
  expect(survivors).toEqual([]);
  expect(noticed.length).toBeGreaterThan(50);
}, 1_800_000);
