// Elastic IPs, NAT gateways and the pool: who has which address, before and after.
import { describe, expect, test } from "bun:test";
import { parseCidr4 } from "../model/cidr.ts";
import { VpcctlError } from "../model/errors.ts";
import { validateWorld } from "../model/validate.ts";
import { emptyWorld, type World } from "../model/world.ts";
import { worldAfter } from "../../test/support/verb-line.ts";

const base = worldAfter(
  [
    "create-vpc a 10.0.0.0/16",
    "add-subnet a web 10.0.1.0/24",
    "add-subnet a db 10.0.2.0/24",
    "enable-internet a web",
    "run-instance a web --name one",
    "run-instance a db --name two",
  ],
  emptyWorld,
);

/** The World after these lines, which is valid. */
function after(...lines: string[]): World {
  const world = worldAfter(lines, base);
  return validateWorld(JSON.parse(JSON.stringify(world)));
}

const again = (world: World, line: string): World => worldAfter([line], world);

function refusal(world: World, line: string): VpcctlError {
  try {
    worldAfter([line], world);
  } catch (error) {
    if (error instanceof VpcctlError) return error;
    throw error;
  }
  throw new Error("accepted");
}

const addressOf = (world: World, instance: string): string | undefined => world.vpcs["a"]?.instances?.[instance]?.publicAddress;
const subnetAddress = (world: World, subnet = "web"): string | undefined => world.vpcs["a"]?.subnets[subnet]?.publicAddress;
const ownerOf = (world: World, name: string) => world.elasticIps?.[name]?.association as unknown;

describe("an Elastic IP", () => {
  test("is allocated once, as the lowest free address or the one that is asked for, and released", () => {
    const shop = after("allocate-address shop");
    expect(shop.elasticIps).toEqual({ shop: { name: "shop", address: "198.18.0.4" } } as never);
    expect(again(shop, "allocate-address shop")).toBe(shop);
    expect(again(shop, "allocate-address shop --address 198.18.0.4")).toBe(shop);
    expect(refusal(shop, "allocate-address shop --address 198.18.0.9").code).toBe("InvalidAddress.Duplicate");
    expect(refusal(shop, "allocate-address other --address 198.18.0.4").code).toBe("InvalidIPAddress.InUse");
    for (const outside of ["8.8.8.8", "198.18.0.0", "198.18.0.1", "198.19.255.255"]) {
      expect(refusal(shop, `allocate-address other --address ${outside}`).code).toBe("InvalidParameterValue");
    }
    expect(again(shop, "release-address shop")).toEqual(base);
    expect(again(base, "release-address shop")).toBe(base);
  });

  test("takes the place of an address of the pool, and leaves another one behind", () => {
    const given = after("allocate-address shop", "associate-address shop a one");
    expect([addressOf(given, "one"), ownerOf(given, "shop")]).toEqual(["198.18.0.4", { vpc: "a", instance: "one" }]);
    expect(again(given, "associate-address shop a one")).toBe(given);
    expect(refusal(given, "release-address shop").code).toBe("InvalidIPAddress.InUse");
    const back = after("allocate-address shop", "associate-address shop a one", "disassociate-address shop");
    expect([addressOf(back, "one"), ownerOf(back, "shop")]).toEqual(["198.18.0.3", undefined]);
    expect(again(back, "disassociate-address shop")).toBe(back);
  });

  test("leaves none behind where none is meant to be", () => {
    const back = after("allocate-address shop", "associate-address shop a two", "disassociate-address shop");
    expect(addressOf(back, "two")).toBeUndefined();
  });

  test("goes from owner to owner, and one owner has one", () => {
    const moved = after("allocate-address shop", "associate-address shop a one", "associate-address shop a two");
    expect([addressOf(moved, "one"), addressOf(moved, "two"), ownerOf(moved, "shop")]).toEqual(["198.18.0.3", "198.18.0.4", { vpc: "a", instance: "two" }]);
    const replaced = after("allocate-address x", "allocate-address y", "associate-address x a --subnet web", "associate-address y a --subnet web");
    expect([subnetAddress(replaced), ownerOf(replaced, "x"), ownerOf(replaced, "y")]).toEqual(["198.18.0.5", undefined, { vpc: "a", subnet: "web" }]);
  });

  test("is nobody's when its owner goes", () => {
    for (const end of ["terminate-instance a one", "delete-subnet a web --force", "delete-vpc a --force"]) {
      expect(ownerOf(after("allocate-address shop", "associate-address shop a one", end), "shop")).toBeUndefined();
    }
    expect(ownerOf(after("allocate-address shop", "associate-address shop a --subnet web", "disable-internet a web"), "shop")).toBeUndefined();
  });

  test("wants to know whom it is for, and an internet gateway there", () => {
    const shop = after("allocate-address shop");
    expect(refusal(shop, "associate-address shop a").code).toBe("MissingParameter");
    expect(refusal(shop, "associate-address shop a one --subnet web").code).toBe("InvalidParameterValue");
    expect(refusal(shop, "associate-address nope a one").code).toBe("InvalidAllocationID.NotFound");
    expect(refusal(shop, "associate-address shop a nope").code).toBe("InvalidInstanceID.NotFound");
    expect(refusal(worldAfter(["create-vpc b 10.0.0.0/16", "add-subnet b web 10.0.1.0/24"], shop), "associate-address shop b --subnet web").code).toBe("Gateway.NotAttached");
  });
});

describe("a NAT gateway", () => {
  test("has an address of its subnet and an Elastic IP of its own, which goes with it", () => {
    const made = after("create-nat-gateway a web nat1");
    expect(made.vpcs["a"]?.natGateways?.["nat1"] as unknown).toEqual({ name: "nat1", subnet: "web", address: "10.0.1.6", elasticIp: "a-nat1", publicAddress: "198.18.0.4" });
    expect(again(made, "create-nat-gateway a web nat1")).toBe(made);
    expect(again(made, "delete-nat-gateway a nat1")).toEqual(base);
    expect(again(base, "delete-nat-gateway a nat1")).toBe(base);
    expect(refusal(made, "disassociate-address a-nat1").code).toBe("Resource.AlreadyAssociated");
    expect(refusal(made, "release-address a-nat1").code).toBe("InvalidIPAddress.InUse");
    expect(refusal(made, "associate-address a-nat1 a one").code).toBe("Resource.AlreadyAssociated");
  });

  test("takes the Elastic IP and the address that it is given, and leaves that Elastic IP when it goes", () => {
    const made = after("allocate-address shop", "create-nat-gateway a web nat1 --elastic-ip shop --ip 10.0.1.77");
    expect(made.vpcs["a"]?.natGateways?.["nat1"] as unknown).toMatchObject({ address: "10.0.1.77", publicAddress: "198.18.0.4" });
    expect(again(made, "delete-nat-gateway a nat1").elasticIps as unknown).toEqual({ shop: { name: "shop", address: "198.18.0.4" } });
    expect(refusal(made, "create-nat-gateway a web nat2 --elastic-ip shop").code).toBe("Resource.AlreadyAssociated");
    expect(refusal(made, "create-nat-gateway a web nat2 --ip 10.0.1.77").code).toBe("InvalidIPAddress.InUse");
    expect(refusal(made, "run-instance a web --name three --ip 10.0.1.77").code).toBe("InvalidIPAddress.InUse");
    for (const other of ["db nat1", "web nat1 --elastic-ip a-nat1", "web nat1 --ip 10.0.1.78"]) {
      expect(refusal(made, `create-nat-gateway a ${other}`).code).toBe("InvalidNatGateway.Duplicate");
    }
  });

  test("keeps its subnet and its VPC from going, unless they are forced", () => {
    const made = after("create-nat-gateway a db nat1", "terminate-instance a two");
    expect(refusal(made, "delete-subnet a db")).toMatchObject({ code: "DependencyViolation", details: ["NAT gateway a/nat1 (198.18.0.4)"] });
    expect(refusal(made, "delete-vpc a").details).toContain("NAT gateway a/nat1 (198.18.0.4)");
    expect(after("create-nat-gateway a db nat1", "delete-subnet a db --force").elasticIps).toBeUndefined();
    expect(after("create-nat-gateway a db nat1", "delete-vpc a --force")).toEqual(emptyWorld);
  });

  test("gives each Elastic IP that nobody named a name of its own", () => {
    const made = after("allocate-address a-nat1", "create-nat-gateway a web nat1");
    expect(Object.keys(made.elasticIps ?? {})).toEqual(["a-nat1", "a-nat1-2"]);
    const long = "n".repeat(63);
    expect(Object.keys(after(`create-nat-gateway a web ${long}`).elasticIps ?? {})[0]).toHaveLength(63);
  });
});

describe("the public pool", () => {
  test("is changed while nothing of it is in use, and only to a block that can be one", () => {
    expect(refusal(base, "set-public-pool 203.0.113.0/24")).toMatchObject({ code: "DependencyViolation", details: ["198.18.0.2", "198.18.0.3"] });
    const bare = worldAfter(["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24"], emptyWorld);
    const other = again(bare, "set-public-pool 203.0.113.0/24");
    expect(other.publicPool as unknown).toBe("203.0.113.0/24");
    expect(again(other, "set-public-pool 203.0.113.0/24")).toBe(other);
    expect(again(other, "set-public-pool 198.18.0.0/15")).toEqual(bare);
    expect(subnetAddress(again(other, "enable-internet a web"))).toBe("203.0.113.2");
    for (const bad of ["203.0.113.0/31", "127.0.0.0/8", "169.254.0.0/24", "203.0.113.1/24"]) expect(refusal(bare, `set-public-pool ${bad}`).code).toBe("InvalidParameterValue");
  });

  test("is refused with all that is wrong at once", () => {
    const two = worldAfter(["create-vpc a 10.0.0.0/16", "associate-cidr a 10.9.0.0/16", "create-vpc b 10.9.0.0/24"], emptyWorld);
    expect(refusal(two, "set-public-pool 10.9.0.0/16").details).toEqual([expect.stringContaining("VPC a has 10.9.0.0/16"), expect.stringContaining("VPC b has 10.9.0.0/24")]);
    expect(refusal(base, "set-public-pool 10.0.1.0/24").message).toMatch(/^2 problems: .*VPC a has 10.0.0.0\/16.*2 public addresses of 198.18.0.0\/15 are in use/);
    expect(refusal(two, "create-vpc C 198.0.0.0/8 --any-prefix").details).toHaveLength(2);
  });

  test("and the VPCs share no address, whichever comes first", () => {
    const bare = worldAfter(["create-vpc a 10.0.0.0/16", "associate-cidr a 10.5.0.0/16"], emptyWorld);
    for (const inside of ["10.0.0.0/24", "10.5.7.0/24", "10.0.0.0/8"]) {
      expect(refusal(bare, `set-public-pool ${inside}`)).toMatchObject({ code: "InvalidParameterValue", message: expect.stringContaining("VPC a has 10.") });
    }
    for (const line of ["create-vpc b 198.18.0.0/16", "associate-cidr a 198.19.1.0/24"]) {
      expect(refusal(bare, line)).toMatchObject({ code: "InvalidVpc.Range", hint: expect.stringContaining("vpcctl set-public-pool") });
    }
    const moved = worldAfter(["set-public-pool 100.64.0.0/24", "create-vpc b 198.18.0.0/16", "associate-cidr a 198.19.1.0/24"], bare);
    expect(Object.keys(moved.vpcs)).toEqual(["a", "b"]);
    expect(refusal(moved, "set-public-pool 198.18.0.0/15").message).toContain("VPC a has 198.19.1.0/24");
    // One that was made before there was a rule is left alone.
    const old = { ...moved, publicPool: parseCidr4("198.18.0.0/15") };
    expect(again(old, "create-vpc b 198.18.0.0/16")).toBe(old);
  });

  test("that is used up refuses, whoever asks", () => {
    const small = worldAfter(["set-public-pool 203.0.113.0/30", "create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "enable-internet a web"], emptyWorld);
    for (const line of ["allocate-address shop", "create-nat-gateway a web nat1", "run-instance a web --name one"]) expect(refusal(small, line).code).toBe("AddressLimitExceeded");
  });
});
