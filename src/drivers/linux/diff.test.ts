import { expect, test } from "bun:test";
import { emptyWorld, type World } from "../../model/world.ts";
import { addSubnet } from "../../operations/add-subnet.ts";
import { createVpc } from "../../operations/create-vpc.ts";
import { deleteVpc } from "../../operations/delete-vpc.ts";
import { disableInternet } from "../../operations/disable-internet.ts";
import { enableInternet } from "../../operations/enable-internet.ts";
import { compile } from "./compile/compile.ts";
import { diff } from "./diff.ts";
import type { HostFacts } from "./host-facts.ts";

const facts = (): HostFacts => ({ uplinks: [{ link: "eth0", forwardingWas: "0" }], barriers: [{ family: "ip", table: "filter", chain: "FORWARD" }] });

function withGateway(world: World, vpc: string): World {
  const subnet = addSubnet(createVpc(world, { name: vpc, cidr: "10.0.0.0/16" }), { vpc, name: "s", cidr: "10.0.1.0/24" });
  return enableInternet(subnet, { vpc, subnet: "s" });
}

test("the host guards a gateway until its link has gone", () => {
  const both = withGateway(withGateway(emptyWorld, "a"), "b");
  for (const after of [deleteVpc(both, { name: "a", force: true }), disableInternet(both, { vpc: "a", subnet: "s" })]) {
    const steps = diff(compile(after, facts), compile(both, facts));
    const place = (subject: string): number => steps.findIndex((step) => step.action === "delete" && step.subject === subject);
    const link = place("link vpc.a igw");
    expect(link).toBeGreaterThan(place("rule in foreign chain ip filter FORWARD iifname igw-a"));
    expect(place("nft element  inet gateways igw-a")).toBeGreaterThan(link);
    expect(place("nft element  inet routers 169.254.64.3")).toBeGreaterThan(link);
  }
});
