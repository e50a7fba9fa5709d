import { expect, test } from "bun:test";
import { worldAfter } from "../../test/support/verb-line.ts";
import { VpcctlError } from "./errors.ts";
import { requireVpc } from "./lookup.ts";
import { requirePlace } from "./require-place.ts";

const lines = ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24", "run-instance a web --name db", "run-instance a web --name one"];
const vpc = requireVpc(worldAfter(lines), "a");

test("a place is a subnet or an instance, and the subnet where both have the name", () => {
  expect(["web", "one", "web/one", "db", "web/db"].map((text) => requirePlace(vpc, text))).toEqual([
    { subnet: "web" },
    { instance: "one" },
    { instance: "one" },
    { subnet: "db" },
    { instance: "db" },
  ]);
});

test("a place that is not there is refused with what there is", () => {
  const refusal = (text: string): string => {
    try {
      return JSON.stringify(requirePlace(vpc, text));
    } catch (error) {
      if (error instanceof VpcctlError) return `${error.code}: ${error.message} ${error.hint}`;
      throw error;
    }
  };
  expect(["nope", "db/one", "nope/one", "web/nope", "constructor"].map(refusal)).toEqual([
    'InvalidSubnetID.NotFound: VPC a has no subnet or instance "nope". There is web, db, one. See what exists: vpcctl describe a',
    "InvalidInstanceID.NotFound: Instance a/one is not in subnet db but in web. Write web/one.",
    'InvalidSubnetID.NotFound: VPC a has no subnet "nope". There is web, db. See what exists: vpcctl describe a',
    'InvalidInstanceID.NotFound: VPC a has no instance "nope". There is db, one. See what exists: vpcctl instances a',
    'InvalidSubnetID.NotFound: VPC a has no subnet or instance "constructor". There is web, db, one. See what exists: vpcctl describe a',
  ]);
});
