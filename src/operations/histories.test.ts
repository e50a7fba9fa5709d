// What holds after any sequence of verbs: random histories of a few names and blocks that meet often.
import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { history, inputOf, line, run, runAll, tableVerbs, type Line } from "../../test/support/random-lines.ts";
import { validateWorld } from "../model/validate.ts";
import { emptyWorld, type World } from "../model/world.ts";
import { planChanges } from "../plan/plan-changes.ts";
import { findVerb } from "./verbs.ts";

describe("after any lines", () => {
  test("the World is valid, also through JSON", () => {
    fc.assert(
      fc.property(history, (lines) => {
        const world = runAll(lines);
        const copy: unknown = JSON.parse(JSON.stringify(world));
        expect(validateWorld(copy)).toEqual(world);
      }),
      { numRuns: 300 },
    );
  });

  test("a VPC has a gateway and a table `public` exactly when it has a public subnet", () => {
    fc.assert(
      fc.property(history, (lines) => {
        // Who makes and associates tables decides for himself.
        for (const each of Object.values(runAll(lines.filter(({ verb }) => !tableVerbs.includes(verb as never))).vpcs)) {
          const hasPublic = Object.values(each.subnets).some(({ routeTable }) => routeTable === "public");
          expect(each.internetGateway).toBe(hasPublic);
          expect(Object.hasOwn(each.routeTables, "public")).toBe(hasPublic);
        }
      }),
    );
  });

  test("the same line again changes nothing: the very same World comes back", () => {
    fc.assert(
      fc.property(history, line, (lines, last) => {
        const world = runAll([...lines, last]);
        expect(runAll([last], world)).toBe(world);
      }),
      { numRuns: 300 },
    );
  });

  test("a line makes a new World exactly when the plan has something to say", () => {
    fc.assert(
      fc.property(history, line, (lines, last) => {
        const before = runAll(lines);
        const after = runAll([last], before);
        expect(planChanges(before, after).length > 0).toBe(after !== before);
      }),
      { numRuns: 300 },
    );
  });

  test("a line changes nothing but its own VPC, and no subnet but its own", () => {
    fc.assert(
      fc.property(history, line, (lines, last) => {
        const before = runAll(lines);
        const after = runAll([last], before);
        const verb = findVerb(last.verb);
        const [touched] = [verb?.touches(inputOf(last), before)].flat();
        for (const [name, each] of Object.entries(before.vpcs)) {
          if (name !== touched?.vpc) expect(after.vpcs[name]).toBe(each);
          else if (touched.subnets !== undefined) {
            const others = ([key]: [string, unknown]) => !touched.subnets?.includes(key);
            const left = Object.entries(after.vpcs[name]?.subnets ?? {}).filter(others);
            expect(left).toEqual(Object.entries(each.subnets).filter(others));
            const otherInstances = (world: World) =>
              Object.values(world.vpcs[name]?.instances ?? {}).filter((one) => !touched.subnets?.includes(`${one.subnet}/${one.name}`));
            expect(otherInstances(after)).toEqual(otherInstances(before));
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("a World is never changed in place", () => {
    fc.assert(fc.property(history, history, (lines, more) => void runAll(more, deepFreeze(runAll(lines)))));
  });

  test("undoing everything, outermost last, gives the empty World", () => {
    fc.assert(
      fc.property(history, (lines) => {
        let world = withoutRules(runAll(lines));
        for (const each of Object.values(world.vpcs)) {
          for (const name of Object.keys(each.instances ?? {})) world = run(world, { verb: "terminate-instance", words: [each.name, name], flags: [] });
          for (const name of Object.keys(each.subnets)) world = run(world, { verb: "delete-subnet", words: [each.name, name], flags: [] });
          for (const name of Object.keys(each.networkAcls ?? {}).filter((acl) => acl !== "default")) {
            world = run(world, { verb: "delete-network-acl", words: [each.name, name], flags: [] });
          }
          for (const name of Object.keys(each.securityGroups ?? {}).filter((group) => group !== "default")) {
            world = run(world, { verb: "delete-security-group", words: [each.name, name], flags: [] });
          }
          const { mainRouteTable = "main", routeTables, internetGateway } = world.vpcs[each.name] ?? each;
          // A table that was made, or made the main one, outlives the subnets, and so does the gateway it leads to.
          if (internetGateway) world = run(world, { verb: "detach-internet-gateway", words: [each.name], flags: [] });
          for (const name of Object.keys(routeTables).filter((table) => table !== mainRouteTable)) {
            world = run(world, { verb: "delete-route-table", words: [each.name, name], flags: [] });
          }
          world = run(world, { verb: "delete-vpc", words: [each.name], flags: [] });
        }
        for (const name of Object.keys(world.prefixLists ?? {})) world = run(world, { verb: "delete-prefix-list", words: [name], flags: [] });
        expect(world).toEqual(emptyWorld);
      }),
    );
  });
});

/** Groups may name each other, and prefix lists: no rule, no hindrance. */
function withoutRules(from: World): World {
  let world = from;
  for (const { name: vpc, securityGroups = {} } of Object.values(from.vpcs)) {
    for (const group of Object.values(securityGroups)) {
      for (const direction of ["ingress", "egress"] as const) {
        for (const { protocol, ports, peer } of group[direction]) {
          const who =
            peer.kind === "cidr" ? { "--cidr": [peer.cidr] } : peer.kind === "group" ? { "--group": [`${peer.vpc ?? vpc}/${peer.group}`] } : { "--prefix-list": [peer.name] };
          const what = { "--protocol": protocol, ...(ports === undefined ? {} : { "--port": `${ports.from}-${ports.to}` }) };
          world = run(world, { verb: `revoke-${direction}`, words: [vpc, group.name], flags: [], given: { ...what, ...who } });
        }
      }
    }
  }
  return world;
}

test("the order of independent lines does not matter to addresses, tables and routes", () => {
  const names = ["web", "db", "app", "constructor", "7"];
  const build = names.map((name, n): Line => ({ verb: "add-subnet", words: ["a", name, `10.0.${n}.0/24`], flags: [] }));
  const open = names.slice(0, 3).map((name): Line => ({ verb: "enable-internet", words: ["a", name], flags: [] }));
  const base = run(emptyWorld, { verb: "create-vpc", words: ["a", "10.0.0.0/16"], flags: [] });
  const meaning = (world: World) => ({
    routeTables: world.vpcs["a"]?.routeTables,
    subnets: Object.fromEntries(Object.values(world.vpcs["a"]?.subnets ?? {}).map(({ name, cidr, routeTable }) => [name, { cidr, routeTable }])),
  });
  const expected = meaning(runAll([...build, ...open], base));
  const shuffled = <T>(array: T[]) => fc.shuffledSubarray(array, { minLength: array.length });
  fc.assert(fc.property(shuffled(build), shuffled(open), (first, second) => expect(meaning(runAll([...first, ...second], base))).toEqual(expected)));
});

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
