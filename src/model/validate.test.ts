import { expect, test } from "bun:test";
import { addSubnet } from "../operations/add-subnet.ts";
import { createVpc } from "../operations/create-vpc.ts";
import { enableInternet } from "../operations/enable-internet.ts";
import { VpcctlError } from "./errors.ts";
import { validateWorld } from "./validate.ts";
import { emptyWorld } from "./world.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A valid saved state, free to be damaged: two VPCs, a with a public and a private subnet, b empty. */
function saved(): Json {
  let world = createVpc(emptyWorld, { name: "a", cidr: "10.0.0.0/16" });
  world = createVpc(world, { name: "b", cidr: "10.0.0.0/16" });
  world = addSubnet(world, { vpc: "a", name: "web", cidr: "10.0.1.0/24" });
  world = addSubnet(world, { vpc: "a", name: "db", cidr: "10.0.2.0/24" });
  return JSON.parse(JSON.stringify(enableInternet(world, { vpc: "a", subnet: "web" }))) as Json;
}

/** The state with the value at the path replaced, or taken away. */
function damaged(path: string, value: Json | undefined): Json {
  const state = saved();
  const keys = path.split("/");
  const last = keys.pop() ?? "";
  let at = state as { [key: string]: Json };
  for (const key of keys) at = at[key] as { [key: string]: Json };
  if (value === undefined) delete at[last];
  else at[last] = value;
  return state;
}

function refusal(value: unknown): VpcctlError {
  try {
    validateWorld(value);
  } catch (error) {
    if (error instanceof VpcctlError) return error;
    throw error;
  }
  throw new Error("accepted");
}

test("a sound state is accepted as it is, without a copy", () => {
  const state = saved();
  expect(validateWorld(state)).toBe(state as never);
  expect(validateWorld(emptyWorld)).toBe(emptyWorld);
});

test.each([
  ["schema", 0, "schema is not 3"],
  ["vpcs", [], "vpcs is not an object"],
  ["vpcs/a", null, "vpcs.a is not an object"],
  ["vpcs/A", {}, "vpcs.A has a bad key"],
  ["vpcs/a/name", "b", "vpcs.a.name is not the same as its key"],
  ["vpcs/a/number", 0, "vpcs.a.number is not a whole number from 1 to 8191"],
  ["vpcs/a/number", 8192, "vpcs.a.number is not a whole number"],
  ["vpcs/a/number", "1", "vpcs.a.number is not a whole number"],
  ["vpcs/a/number", 2, "vpcs.b.number is 2, which a has"],
  ["vpcs/a/cidr", "10.0.0.1/16", "vpcs.a.cidr is wrong"],
  ["vpcs/a/cidr", undefined, "vpcs.a.cidr is not a CIDR block"],
  ["vpcs/b/cidr", "169.254.0.0/16", "vpcs.b.cidr cannot be 169.254.0.0/16"],
  ["vpcs/b/cidr", "10.0.0.0/30", "vpcs.b.cidr cannot be 10.0.0.0/30"],
  ["vpcs/a/internetGateway", "yes", "vpcs.a.internetGateway is neither true nor false"],
  ["vpcs/a/routeTables/main", undefined, "vpcs.a.mainRouteTable names main, which does not exist"],
  ["vpcs/a/mainRouteTable", "constructor", "vpcs.a.mainRouteTable names constructor, which does not exist"],
  ["vpcs/a/mainRouteTable", 1, "vpcs.a.mainRouteTable is not a name"],
  ["vpcs/a/routeTables/public/number", 1, "vpcs.a.routeTables.public.number is 1, which main has"],
  ["vpcs/a/routeTables/public", undefined, "vpcs.a.subnets.web.routeTable names public, which does not exist"],
  ["vpcs/a/routeTables/public/routes", {}, "vpcs.a.routeTables.public.routes is not a list"],
  ["vpcs/a/routeTables/public/routes/0", 5, "vpcs.a.routeTables.public.routes[0] is not an object"],
  ["vpcs/a/routeTables/public/routes/0/destination", "all", "vpcs.a.routeTables.public.routes[0].destination is wrong"],
  ["vpcs/a/routeTables/public/routes/0/target", { kind: "constructor" }, "vpcs.a.routeTables.public.routes[0].target is not a known target"],
  ["vpcs/a/routeTables/public/routes/1", { destination: "0.0.0.0/0", target: { kind: "blackhole" } }, "routes[1].destination is 0.0.0.0/0, which another"],
  ["vpcs/a/subnets/web/routeTable", "constructor", "names constructor, which does not exist"],
  ["vpcs/a/subnets/web/routeTable", 1, "vpcs.a.subnets.web.routeTable is not a name"],
  ["vpcs/a/subnets/web/slot", 1, "slot is 1, which web has"],
  ["vpcs/a/subnets/web/slot", 64_000, "vpcs.a.subnets.web.slot is not a whole number from 0 to 63999"],
  ["vpcs/a/subnets/web/slot", 0.5, "vpcs.a.subnets.web.slot is not a whole number"],
  ["vpcs/a/subnets/web/cidr", "10.1.1.0/24", "vpcs.a.subnets.web.cidr is not inside 10.0.0.0/16"],
  ["vpcs/a/subnets/web/cidr", "10.0.2.64/28", "vpcs.a.subnets.web.cidr overlaps db, which has 10.0.2.0/24"],
  ["vpcs/a/subnets/web/cidr", "10.0.1.0/30", "vpcs.a.subnets.web.cidr cannot be 10.0.1.0/30"],
])("%s = %j is refused with its path", (path, value, sentence) => {
  const error = refusal(damaged(path, value));
  expect(error.code).toBe("StoreCorrupt");
  expect(error.details?.join("; ")).toContain(sentence);
});

test.each([[null], [undefined], ["{}"], [[]], [1]])("%j is no state", (value) => {
  expect(refusal(value).details).toEqual(["the state is not an object"]);
});

test("every problem is told, not only the first", () => {
  const state = damaged("vpcs/a/number", 0) as { vpcs: { b: { cidr: string } } };
  state.vpcs.b.cidr = "nonsense";
  expect(refusal(state).details).toHaveLength(2);
});

test("a small subnet inside a big one is found however many lie between", () => {
  const state = saved() as { vpcs: { b: { subnets: Json } } };
  const subnet = (name: string, cidr: string, slot: number) => ({ name, cidr, slot });
  state.vpcs.b.subnets = { big: subnet("big", "10.0.0.0/17", 0), one: subnet("one", "10.0.0.0/28", 1), two: subnet("two", "10.0.64.0/28", 2) };
  expect(refusal(state).details?.filter((problem) => problem.includes("overlaps big"))).toHaveLength(2);
});

test("a state of a newer version is told apart from a damaged one", () => {
  expect(refusal({ schema: 4, anything: true }).code).toBe("StoreTooNew");
});
