import { expect, test } from "bun:test";
import { VpcctlError } from "../model/errors.ts";
import { validateWorld } from "../model/validate.ts";
import { emptyWorld, type World } from "../model/world.ts";
import { createVpc } from "./create-vpc.ts";
import { createRecord, deleteRecord } from "./dns-record.ts";
import { disableDns, enableDns } from "./enable-dns.ts";
import { createPrivateZone, deletePrivateZone } from "./private-zone.ts";

const vpc = "a";
const empty = createVpc(emptyWorld, { name: vpc, cidr: "10.0.0.0/16" });
const on = enableDns(empty, { vpc });
const zoned = createPrivateZone(on, { vpc, zone: "db.internal" });
const recorded = createRecord(zoned, { vpc, name: "one.db.internal", type: "A", value: "10.0.2.4" });

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof VpcctlError) return error.code;
    throw error;
  }
  return "nothing";
}
const record = (name: string, type: string, value: string, before: World = recorded): World => createRecord(before, { vpc, name, type, value });

test("the same again is the same World", () => {
  expect(enableDns(on, { vpc })).toBe(on);
  expect(createPrivateZone(zoned, { vpc, zone: "DB.internal." })).toBe(zoned);
  expect(record("One.db.internal", "a", "10.0.2.4")).toBe(recorded);
  expect(disableDns(empty, { vpc })).toBe(empty);
  expect(deletePrivateZone(on, { vpc, zone: "db.internal" })).toBe(on);
  expect(deleteRecord(zoned, { vpc, name: "one.db.internal", type: "A" })).toBe(zoned);
});

test("all undone, the VPC is as it was", () => {
  const noRecord = deleteRecord(recorded, { vpc, name: "one.db.internal", type: "A" });
  expect(disableDns(deletePrivateZone(noRecord, { vpc, zone: "db.internal" }), { vpc })).toEqual(empty);
});

test("zones outlive the resolver", () => {
  const off = disableDns(recorded, { vpc });
  expect(off.vpcs[vpc]?.dns?.enabled).toBe(false);
  expect(enableDns(off, { vpc })).toEqual(recorded);
});

test("several values of one name stand side by side, and go one by one", () => {
  const two = record("one.db.internal", "A", "10.0.2.5");
  expect(two.vpcs[vpc]?.dns?.zones?.["db.internal"]?.records).toHaveLength(2);
  expect(deleteRecord(two, { vpc, name: "one.db.internal", type: "A", value: "10.0.2.5" })).toEqual(recorded);
});

test("a name goes to the longest zone that it ends with", () => {
  const nested = createPrivateZone(recorded, { vpc, zone: "eu.db.internal" });
  expect(record("x.eu.db.internal", "A", "10.0.0.4", nested).vpcs[vpc]?.dns?.zones?.["eu.db.internal"]?.records).toHaveLength(1);
});

test("what cannot be is refused", () => {
  expect(refusal(() => enableDns(empty, { vpc: "constructor" }))).toBe("InvalidVpcID.NotFound");
  expect(["a.internal", "x.a.internal", "in-addr.arpa", "db..internal", "-db", "a b", ""].map((zone) => refusal(() => createPrivateZone(on, { vpc, zone })))).toEqual(
    Array(7).fill("InvalidParameterValue"),
  );
  expect(refusal(() => record("one.other.internal", "A", "10.0.0.4"))).toBe("HostedZoneNotFound");
  expect(refusal(() => record("two.db.internal", "A", "10.0.0"))).toBe("InvalidParameterValue");
  expect(refusal(() => record("two.db.internal", "AAAA", "10.0.0.4"))).toBe("InvalidParameterValue");
  expect(refusal(() => record("two.db.internal", "MX", "mail"))).toBe("InvalidParameterValue");
  expect(refusal(() => record("two.db.internal", "TXT", 'a"\nserver=192.0.2.1'))).toBe("InvalidParameterValue");
  expect(refusal(() => record("two.db.internal", "CNAME", "www.example.com"))).toBe("InvalidParameterValue");
  expect(refusal(() => record("db.internal", "CNAME", "one.db.internal"))).toBe("InvalidChangeBatch");
  expect(refusal(() => record("one.db.internal", "CNAME", "web.a.internal"))).toBe("InvalidChangeBatch");
  expect(refusal(() => deletePrivateZone(recorded, { vpc, zone: "db.internal" }))).toBe("HostedZoneNotEmpty");
});

test("aliases may follow one another, but not in a circle", () => {
  const alias = (name: string, target: string, before: World): World => record(`${name}.db.internal`, "CNAME", `${target}.db.internal`, before);
  const chain = alias("three", "two", alias("two", "one", recorded));
  expect(refusal(() => alias("self", "self", recorded))).toBe("InvalidChangeBatch");
  expect(refusal(() => alias("four", "three", chain))).toBe("nothing");
  const open = alias("five", "six", chain);
  expect(refusal(() => alias("six", "five", open))).toBe("InvalidChangeBatch");
  // A record that sleeps under a longer zone counts too: it is answered when that goes.
  const asleep = createPrivateZone(alias("x.eu", "y", recorded), { vpc, zone: "eu.db.internal" });
  expect(refusal(() => record("y.db.internal", "CNAME", "x.eu.db.internal", asleep))).toBe("InvalidChangeBatch");
});

test("an address is the same in every way of writing it", () => {
  const six = record("six.db.internal", "AAAA", "2001:DB8:0::4");
  expect(record("six.db.internal", "AAAA", "2001:db8::4", six)).toBe(six);
  expect(deleteRecord(six, { vpc, name: "six.db.internal", type: "AAAA", value: "2001:db8:0:0::4" })).toEqual(recorded);
});

test("a record that a longer zone took over can be taken away still", () => {
  const below = record("x.eu.db.internal", "A", "10.0.0.4");
  const asleep = createPrivateZone(below, { vpc, zone: "eu.db.internal" });
  const gone = deleteRecord(asleep, { vpc, name: "x.eu.db.internal", type: "A" });
  expect(deletePrivateZone(gone, { vpc, zone: "eu.db.internal" })).toEqual(recorded);
});

test("what is stored is checked when it is read", () => {
  expect(validateWorld(structuredClone(recorded))).toEqual(recorded);
  const spoiled: unknown = JSON.parse(JSON.stringify(recorded).replace('"10.0.2.4"', '"10.0.2.4\\nserver=192.0.2.1"'));
  expect(refusal(() => validateWorld(spoiled))).toBe("StoreCorrupt");
  const circle: unknown = JSON.parse(JSON.stringify(record("two.db.internal", "CNAME", "one.db.internal")).replace('"value":"one.', '"value":"two.'));
  expect(refusal(() => validateWorld(circle))).toBe("StoreCorrupt");
});
