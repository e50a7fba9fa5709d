import { expect, test } from "bun:test";
import { factsOf, scenes } from "../../../test/golden/scenes.ts";
import { worldAfter } from "../../../test/support/verb-line.ts";
import { compile } from "./compile/compile.ts";
import { objectKey } from "./objects/identity.ts";
import { restrict } from "./restrict.ts";
import { objectsOf } from "./spec.ts";

test("with its router alone in scope a VPC loses what is inside its subnets, and nothing else", () => {
  for (const [name, scene] of Object.entries(scenes)) {
    const world = worldAfter(scene.verbs);
    const spec = compile(world, factsOf(scene));
    const routers = Object.keys(world.vpcs);
    const seen = objectsOf(restrict(spec, routers.map((vpc) => ({ vpc, subnets: [] }))).values());
    const isInside = (namespace: string): boolean => namespace !== "" && !routers.includes(namespace.slice("vpc.".length));
    const inRouters = [...objectsOf(spec.values()).values()].filter((object) => !("namespace" in object && isInside(object.namespace)));
    expect([name, [...seen.keys()].toSorted()]).toEqual([name, inRouters.map(objectKey).toSorted()]);
  }
});

test("what is in a subnet that is named is seen too, and what is in the others is not", () => {
  const scene = scenes["tutorial"];
  if (scene === undefined) throw new Error("there is no such scene");
  const seen = restrict(compile(worldAfter(scene.verbs), factsOf(scene)), [{ vpc: "company-a", subnets: ["public-web"] }]);
  const namespaces = new Set([...objectsOf(seen.values()).values()].flatMap((object) => ("namespace" in object ? [object.namespace] : [])));
  expect([...namespaces].toSorted()).toEqual(["", "vpc.company-a", "vpc.company-a.public-web"]);
});
