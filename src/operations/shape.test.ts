import { expect, test } from "bun:test";
import { VpcctlError } from "../model/errors.ts";
import { formatBandwidth, parseBandwidth, sayShaping, togetherWith } from "../model/shaping.ts";
import { validateWorld } from "../model/validate.ts";
import { emptyWorld, type World } from "../model/world.ts";
import { addSubnet } from "./add-subnet.ts";
import { createVpc } from "./create-vpc.ts";
import { runInstance } from "./run-instance.ts";
import { shape, unshape, type ShapeInput } from "./shape.ts";

const vpc = "a";
const empty = createVpc(emptyWorld, { name: vpc, cidr: "10.0.0.0/16" });
const twoSubnets = ["web", "db"].reduce((world, name, at) => addSubnet(world, { vpc, name, cidr: `10.0.${at + 1}.0/24` }), empty);
const plain = runInstance(twoSubnets, { vpc, subnet: "web", name: "one" });
const shaped = (place: string, options: Partial<ShapeInput>, world: World = plain): World => shape(world, { vpc, place, ...options });

function refusal(options: Partial<ShapeInput>, place = "one"): string {
  try {
    shaped(place, options);
  } catch (error) {
    if (error instanceof VpcctlError) return error.code;
    throw error;
  }
  return "nothing";
}

test("the same again is the same World, and unshape gives back the one before", () => {
  for (const place of ["web", "one", "web/one"]) {
    const once = shaped(place, { bandwidth: "10mbit", delay: "20ms", loss: "1%" });
    expect(shaped(place, { bandwidth: "10000kbit", delay: "0.02s", loss: "1" }, once)).toBe(once);
    expect(validateWorld(structuredClone(once))).toEqual(once);
    expect(unshape(once, { vpc, place })).toEqual(plain);
  }
  expect(unshape(plain, { vpc, place: "web" })).toBe(plain);
});

test("what is not given now is gone", () => {
  const world = shaped("one", { delay: "5ms" }, shaped("one", { bandwidth: "10mbit" }));
  expect(world.vpcs[vpc]?.instances?.["one"]?.shaping).toEqual({ delay: 5 });
});

test("each shaped subnet has a number of its own and keeps it", () => {
  const both = shaped("db", { bandwidth: "1mbit" }, shaped("web", { bandwidth: "1mbit" }));
  const numbers = (world: World) => Object.values(world.vpcs[vpc]?.subnets ?? {}).map((subnet) => subnet.shaping?.number);
  expect(numbers(both)).toEqual([1, 2]);
  expect(numbers(shaped("db", { bandwidth: "2mbit" }, unshape(both, { vpc, place: "web" })))).toEqual([undefined, 2]);
});

test("what cannot be is refused", () => {
  expect(refusal({})).toBe("MissingParameter");
  expect(refusal({ bandwidth: "1mbit" }, "constructor")).toBe("InvalidSubnetID.NotFound");
  const worse: Partial<ShapeInput>[] = [{ loss: "101%" }, { loss: "-1%" }, { jitter: "5ms" }, { delay: "1ms", jitter: "5ms" }];
  const bad: Partial<ShapeInput>[] = [{ bandwidth: "fast" }, { bandwidth: "10" }, { bandwidth: "1kbit" }, { bandwidth: "1000gbit" }, { delay: "20" }, { delay: "2000s" }, ...worse];
  expect(bad.map((options) => refusal(options))).toEqual(bad.map(() => "InvalidParameterValue"));
});

test("bandwidths read as they are written", () => {
  for (const text of ["8kbit", "10mbit", "1500kbit", "1gbit", "12345bit"]) expect(formatBandwidth(parseBandwidth(text) ?? 0)).toBe(text);
  expect(sayShaping({ bandwidth: 1e7, delay: 20, jitter: 5, loss: 1 })).toBe("10mbit, 20ms delay, 5ms jitter, 1% loss");
});

test("an instance in a shaped subnet has both delays and both losses, and a bandwidth of its own", () => {
  const world = shaped("one", { bandwidth: "1mbit", delay: "10ms", loss: "50%" }, shaped("web", { bandwidth: "5mbit", delay: "20ms", loss: "50%" }));
  const subnet = world.vpcs[vpc]?.subnets["web"];
  if (subnet === undefined) throw new Error("no subnet");
  expect(togetherWith(subnet, world.vpcs[vpc]?.instances?.["one"]?.shaping)).toEqual({ bandwidth: 1e6, delay: 30, jitter: 0, loss: 75 });
});
