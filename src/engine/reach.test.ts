import { expect, test } from "bun:test";
import { emptyWorld } from "../model/world.ts";
import { createPeering } from "../operations/create-peering.ts";
import { createVpc } from "../operations/create-vpc.ts";
import { whole, withPeers } from "./reach.ts";

const vpcs = ["a", "b", "c", "d"].reduce((world, name, n) => createVpc(world, { name, cidr: `10.${n}.0.0/16` }), emptyWorld);
const chain = createPeering(createPeering(vpcs, { name: "x", requester: "a", accepter: "b" }), { name: "y", requester: "c", accepter: "b" });

test("a change reaches the routers of the peers, and no further", () => {
  expect(withPeers(chain, [{ vpc: "a", subnets: ["web"] }])).toEqual([{ vpc: "a", subnets: ["web"] }, { vpc: "b", subnets: [] }]);
  expect(withPeers(chain, [{ vpc: "a" }, { vpc: "b", subnets: ["web"] }])).toEqual([{ vpc: "a" }, { vpc: "b", subnets: ["web"] }, { vpc: "c", subnets: [] }]);
  expect(withPeers(chain, "all")).toBe("all");
  for (const vpc of ["d", "nobody"]) expect(withPeers(chain, [{ vpc }])).toEqual([{ vpc }]);
});

test("a look at the whole of a VPC is one at everything that it is connected with", () => {
  expect(whole(chain, [{ vpc: "a", subnets: [] }])).toEqual([{ vpc: "a" }, { vpc: "b" }, { vpc: "c" }]);
  expect(whole(chain, [{ vpc: "d", subnets: ["web"] }])).toEqual([{ vpc: "d" }]);
});

test("what is whole already is left as it is", () => {
  for (const scope of ["all", [{ vpc: "d" }], [{ vpc: "b" }, { vpc: "a" }, { vpc: "c" }]] as const) expect(whole(chain, scope)).toBe(scope);
});
