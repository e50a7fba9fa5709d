import { expect, test } from "bun:test";
import { acceptPeering } from "../operations/accept-peering.ts";
import { associateCidr, disassociateCidr } from "../operations/associate-cidr.ts";
import { createPeering } from "../operations/create-peering.ts";
import { createVpc } from "../operations/create-vpc.ts";
import { deleteVpc } from "../operations/delete-vpc.ts";
import { emptyWorld, type World } from "../model/world.ts";
import { planChanges } from "./plan-changes.ts";

const lines = (before: World, after: World) => planChanges(before, after).map(({ action, subject, detail }) => `${action} ${subject}: ${detail}`);

const two = createVpc(createVpc(emptyWorld, { name: "a", cidr: "10.0.0.0/16" }), { name: "b", cidr: "10.1.0.0/16" });
const asked = createPeering(two, { name: "a-b", requester: "a", accepter: "b", accepterCidrs: ["10.1.2.0/24", "10.1.4.0/24"] });
const active = acceptPeering(asked, { name: "a-b" });

test("a peering that is asked for, accepted and ended", () => {
  expect(lines(two, asked)).toEqual(["create peering a-b: a and b (only 10.1.2.0/24, 10.1.4.0/24), pending-acceptance"]);
  expect(lines(asked, active)).toEqual([
    "update peering a-b: a and b (only 10.1.2.0/24, 10.1.4.0/24), pending-acceptance -> a and b (only 10.1.2.0/24, 10.1.4.0/24), active",
  ]);
  expect(lines(active, two)).toEqual(["delete peering a-b: a and b (only 10.1.2.0/24, 10.1.4.0/24), active"]);
});

test("peerings come after their VPCs and go before them", () => {
  expect(lines(emptyWorld, asked).map((line) => line.split(":")[0])).toEqual(["create VPC a", "create VPC b", "create peering a-b"]);
  expect(lines(asked, deleteVpc(asked, { name: "b", force: true })).map((line) => line.split(":")[0])).toEqual(["delete peering a-b", "delete VPC b"]);
});

test("further CIDRs of a VPC", () => {
  const wider = associateCidr(two, { vpc: "a", cidr: "10.5.0.0/16" });
  expect(lines(two, wider)).toEqual(["create CIDR of VPC a: 10.5.0.0/16"]);
  expect(lines(wider, disassociateCidr(wider, { vpc: "a", cidr: "10.5.0.0/16" }))).toEqual(["delete CIDR of VPC a: 10.5.0.0/16"]);
});
