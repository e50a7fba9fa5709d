import { expect, test } from "bun:test";
import { VpcctlError } from "../model/errors.ts";
import { limits } from "../model/limits.ts";
import { allowedCidrs, peeringBetween, peeringsOf } from "../model/peering.ts";
import { validateWorld } from "../model/validate.ts";
import { emptyWorld, type Vpc, type World } from "../model/world.ts";
import { acceptPeering, deletePeering, rejectPeering } from "./accept-peering.ts";
import { addSubnet } from "./add-subnet.ts";
import { associateCidr } from "./associate-cidr.ts";
import { createPeering } from "./create-peering.ts";
import { createVpc } from "./create-vpc.ts";
import { deleteVpc } from "./delete-vpc.ts";
import { enableInternet } from "./enable-internet.ts";
import { peer, unpeer } from "./peer.ts";

const vpcs = (cidrs: Readonly<Record<string, string>>): World =>
  Object.entries(cidrs).reduce((world, [name, cidr]) => createVpc(world, { name, cidr }), emptyWorld);

const three = vpcs({ a: "10.0.0.0/16", b: "10.1.0.0/16", c: "10.2.0.0/16" });
const asked = createPeering(three, { name: "a-b", requester: "a", accepter: "b" });
const vpc = (world: World, name: string): Vpc => world.vpcs[name] as Vpc;
const routes = (world: World, name: string, table = "main"): string[] =>
  (vpc(world, name).routeTables[table]?.routes ?? []).map(({ destination, target }) => `${destination} ${"name" in target ? target.name : target.kind}`);

function refusal(operate: () => unknown): VpcctlError {
  try {
    operate();
  } catch (error) {
    if (error instanceof VpcctlError) return error;
    throw error;
  }
  throw new Error("accepted");
}

test("a peering waits for its acceptance, and the same again is no change", () => {
  expect(asked.peerings?.["a-b"]).toEqual({ name: "a-b", number: 1, requester: { vpc: "a" }, accepter: { vpc: "b" }, status: "pending-acceptance" });
  expect(createPeering(asked, { name: "a-b", requester: "a", accepter: "b" })).toBe(asked);
  const accepted = acceptPeering(asked, { name: "a-b" });
  expect(accepted.peerings?.["a-b"]?.status).toBe("active");
  expect(acceptPeering(accepted, { name: "a-b" })).toBe(accepted);
  expect(createPeering(accepted, { name: "a-b", requester: "a", accepter: "b" })).toBe(accepted);
  expect(createPeering(asked, { name: "a-b", requester: "a", accepter: "b", accept: true })).toEqual(accepted);
  expect(accepted.vpcs).toBe(three.vpcs);
});

test("a request can be rejected, an active peering cannot; either can be deleted, and again", () => {
  expect(rejectPeering(asked, { name: "a-b" })).toEqual(three);
  const active = acceptPeering(asked, { name: "a-b" });
  expect(refusal(() => rejectPeering(active, { name: "a-b" })).code).toBe("InvalidStateTransition");
  const gone = deletePeering(active, { name: "a-b" });
  expect(gone).toEqual(three);
  expect(deletePeering(gone, { name: "a-b" })).toBe(gone);
  expect(rejectPeering(gone, { name: "a-b" })).toBe(gone);
  expect(refusal(() => acceptPeering(gone, { name: "a-b" })).code).toBe("InvalidVpcPeeringConnectionID.NotFound");
  expect(refusal(() => acceptPeering(asked, { name: "constructor" })).code).toBe("InvalidVpcPeeringConnectionID.NotFound");
});

test("numbers of deleted peerings are given again", () => {
  const two = createPeering(asked, { name: "b-c", requester: "b", accepter: "c" });
  expect(two.peerings?.["b-c"]?.number).toBe(2);
  expect(createPeering(deletePeering(two, { name: "a-b" }), { name: "a-c", requester: "a", accepter: "c" }).peerings?.["a-c"]?.number).toBe(1);
});

test.each([
  ["itself", { name: "x", requester: "a", accepter: "a" }, "InvalidParameterValue"],
  ["an unknown VPC", { name: "x", requester: "a", accepter: "nope" }, "InvalidVpcID.NotFound"],
  ["a VPC called constructor", { name: "x", requester: "constructor", accepter: "a" }, "InvalidVpcID.NotFound"],
  ["a bad name", { name: "X", requester: "a", accepter: "c" }, "InvalidParameterValue"],
  ["a second peering of the two", { name: "x", requester: "a", accepter: "b" }, "VpcPeeringConnectionAlreadyExists"],
  ["a second peering the other way", { name: "x", requester: "b", accepter: "a" }, "VpcPeeringConnectionAlreadyExists"],
  ["the name of another", { name: "a-b", requester: "a", accepter: "c" }, "InvalidVpcPeeringConnection.Duplicate"],
  ["the same with other limits", { name: "a-b", requester: "a", accepter: "b", requesterCidrs: ["10.0.1.0/24"] }, "InvalidVpcPeeringConnection.Duplicate"],
  ["a limit outside the VPC", { name: "x", requester: "a", accepter: "c", requesterCidrs: ["10.2.1.0/24"] }, "InvalidParameterValue"],
  ["a limit that is no block", { name: "x", requester: "a", accepter: "c", accepterCidrs: ["10.2.1.4/24"] }, "InvalidParameterValue"],
] as const)("refused: %s", (_, input, code) => {
  expect(refusal(() => createPeering(asked, input)).code).toBe(code);
});

test("all that is wrong is told at once", () => {
  const error = refusal(() => createPeering(asked, { name: "x", requester: "a", accepter: "b", requesterCidrs: ["10.9.0.0/16"], accepterCidrs: ["10.9.0.0/16"] }));
  expect(error.details).toHaveLength(3);
});

test("VPCs that share an address cannot be peered, by a secondary CIDR as little as by the first", () => {
  const overlapping = vpcs({ a: "10.0.0.0/16", b: "10.0.128.0/20", c: "10.2.0.0/16" });
  const error = refusal(() => createPeering(overlapping, { name: "x", requester: "a", accepter: "b" }));
  expect([error.code, error.message]).toEqual(["OperationNotPermitted", "VPCs a and b overlap: 10.0.0.0/16 and 10.0.128.0/20."]);
  const secondary = associateCidr(overlapping, { vpc: "c", cidr: "10.0.64.0/24" });
  expect(refusal(() => createPeering(secondary, { name: "x", requester: "c", accepter: "a" })).message).toContain("10.0.64.0/24 and 10.0.0.0/16");
});

test("limits are kept without doubles, and what the VPC does not have any more counts no longer", () => {
  const limited = createPeering(three, { name: "x", requester: "a", accepter: "b", requesterCidrs: ["10.0.1.0/24", "10.0.0.0/20", "10.0.1.0/24", "10.0.32.0/24"] });
  const side = limited.peerings?.["x"]?.requester;
  expect(side?.cidrs as readonly string[]).toEqual(["10.0.0.0/20", "10.0.32.0/24"]);
  expect(createPeering(limited, { name: "x", requester: "a", accepter: "b", requesterCidrs: ["10.0.32.0/24", "10.0.0.0/20"] })).toBe(limited);
  expect(allowedCidrs({ ...vpc(three, "a"), cidr: "10.0.32.0/20" as Vpc["cidr"] }, side as never) as readonly string[]).toEqual(["10.0.32.0/24"]);
});

test("a VPC has at most as many peerings as EC2 allows", () => {
  let world = createVpc(emptyWorld, { name: "hub", cidr: "10.255.0.0/16" });
  for (let n = 0; n <= limits.peeringsPerVpc.value; n++) {
    world = createVpc(world, { name: `v${n}`, cidr: `10.${n}.0.0/16` });
    if (n < limits.peeringsPerVpc.value) world = createPeering(world, { name: `p${n}`, requester: n % 2 === 0 ? "hub" : `v${n}`, accepter: n % 2 === 0 ? `v${n}` : "hub" });
  }
  const last = `v${limits.peeringsPerVpc.value}`;
  expect(peeringsOf(world, "hub")).toHaveLength(125);
  for (const [requester, accepter] of [["hub", last], [last, "hub"]] as const) {
    expect(refusal(() => createPeering(world, { name: "x", requester, accepter })).code).toBe("VpcPeeringConnectionsPerVpcLimitExceeded");
  }
  expect(createPeering(world, { name: "x", requester: "v0", accepter: last }).peerings?.["x"]).toBeDefined();
});

test("peer connects two VPCs with routes in every table of both, and unpeer leaves nothing of it", () => {
  const base = enableInternet(addSubnet(three, { vpc: "a", name: "web", cidr: "10.0.1.0/24" }), { vpc: "a", subnet: "web" });
  const peered = peer(base, { vpc: "a", other: "b" });
  expect(peeringBetween(peered, "b", "a")).toMatchObject({ name: "a-b", status: "active", requester: { vpc: "a" } });
  expect(routes(peered, "a")).toEqual(["10.1.0.0/16 a-b"]);
  expect(routes(peered, "a", "public")).toEqual(["0.0.0.0/0 internet-gateway", "10.1.0.0/16 a-b"]);
  expect(routes(peered, "b")).toEqual(["10.0.0.0/16 a-b"]);
  expect(peered.vpcs["c"]).toBe(base.vpcs["c"] as Vpc);
  expect(peer(peered, { vpc: "a", other: "b" })).toBe(peered);
  expect(peer(peered, { vpc: "b", other: "a" })).toBe(peered);
  expect(unpeer(peered, { vpc: "b", other: "a" })).toEqual(base);
  expect(unpeer(base, { vpc: "a", other: "b" })).toBe(base);
});

test("peer completes what is there in part: a request, a missing route, a new CIDR", () => {
  const completed = peer(asked, { vpc: "b", other: "a" });
  expect(completed.peerings?.["a-b"]).toMatchObject({ status: "active", requester: { vpc: "a" } });
  const wider = associateCidr(completed, { vpc: "b", cidr: "10.7.0.0/16" });
  expect(routes(wider, "a")).toEqual(["10.1.0.0/16 a-b"]);
  expect(routes(peer(wider, { vpc: "a", other: "b" }), "a")).toEqual(["10.1.0.0/16 a-b", "10.7.0.0/16 a-b"]);
});

test("peer with limits makes routes to the limits only", () => {
  const limited = peer(three, { vpc: "a", other: "b", name: "x", accepterCidrs: ["10.1.2.0/24"] });
  expect(routes(limited, "a")).toEqual(["10.1.2.0/24 x"]);
  expect(routes(limited, "b")).toEqual(["10.0.0.0/16 x"]);
  expect(peer(limited, { vpc: "a", other: "b", accepterCidrs: ["10.1.2.0/24"] })).toBe(limited);
  expect(refusal(() => peer(limited, { vpc: "a", other: "b", accepterCidrs: ["10.1.3.0/24"] })).code).toBe("InvalidVpcPeeringConnection.Duplicate");
  expect(refusal(() => peer(limited, { vpc: "a", other: "b", name: "y" })).code).toBe("VpcPeeringConnectionAlreadyExists");
});

test("peer takes no route from another: two peers with one CIDR need routes of the user's choice", () => {
  const twins = vpcs({ a: "10.0.0.0/16", b: "10.1.0.0/16", c: "10.1.0.0/16" });
  const one = peer(twins, { vpc: "a", other: "b" });
  const error = refusal(() => peer(one, { vpc: "a", other: "c" }));
  expect([error.code, error.message]).toEqual(["RouteAlreadyExists", "Route table a/main has a route to 10.1.0.0/16 already, which leads elsewhere."]);
  expect(createPeering(one, { name: "a-c", requester: "a", accepter: "c" }).peerings?.["a-c"]).toBeDefined();
});

test("names that meet are told apart", () => {
  const named = vpcs({ "a-b": "10.0.0.0/16", c: "10.1.0.0/16", a: "10.2.0.0/16", "b-c": "10.3.0.0/16" });
  const both = peer(peer(named, { vpc: "a-b", other: "c" }), { vpc: "a", other: "b-c" });
  expect(Object.keys(both.peerings ?? {})).toEqual(["a-b-c", "a-b-c-2"]);
});

test("a VPC goes only without its peerings, or with force together with them; others keep blackholes", () => {
  const peered = peer(three, { vpc: "a", other: "b" });
  const error = refusal(() => deleteVpc(peered, { name: "b" }));
  expect(error.code).toBe("DependencyViolation");
  expect(error.details).toEqual(["peering a-b with a"]);
  const forced = deleteVpc(peered, { name: "b", force: true });
  expect(forced.peerings).toBeUndefined();
  expect(routes(forced, "a")).toEqual(["10.1.0.0/16 a-b"]);
  expect(validateWorld(forced)).toBe(forced);
});

test("a saved peering is checked when it is read", () => {
  const peered = peer(three, { vpc: "a", other: "b", accepterCidrs: ["10.1.2.0/24"] });
  expect(validateWorld(peered)).toBe(peered);
  const damaged = (part: object): string[] => [...(refusal(() => validateWorld({ ...peered, peerings: { "a-b": { ...peered.peerings?.["a-b"], ...part } } })).details ?? [])];
  expect(damaged({ status: "ready" })).toEqual(["peerings.a-b.status is neither pending-acceptance nor active"]);
  expect(damaged({ number: 0 })).toEqual([`peerings.a-b.number is not a whole number from 1 to ${limits.peerings.value}`]);
  expect(damaged({ requester: { vpc: "nope" } })).toEqual(["peerings.a-b.requester.vpc names nope, which does not exist"]);
  expect(damaged({ requester: { vpc: "b" } })).toEqual(["peerings.a-b connects a VPC with itself"]);
  expect(damaged({ requester: { vpc: "a", cidrs: ["10.0.0.0/16", "10.0.1.0/24"] } })).toEqual(["peerings.a-b.requester.cidrs[1] is 10.0.1.0/24, which overlaps another"]);
  expect(damaged({ requester: { vpc: "a", cidrs: "all" } })).toEqual(["peerings.a-b.requester.cidrs is not a list"]);
  const twice = { ...peered, peerings: { ...peered.peerings, x: { ...peered.peerings?.["a-b"], name: "x", number: 2 } } };
  expect(refusal(() => validateWorld(twice)).details).toEqual(["peerings.x connects the VPCs that a-b connects"]);
});
