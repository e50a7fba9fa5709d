// What holds after any sequence of verbs: random histories of a few names and blocks that meet often.
import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { VpcctlError } from "../model/errors.ts";
import { validateWorld } from "../model/validate.ts";
import { emptyWorld, type World } from "../model/world.ts";
import { planChanges } from "../plan/plan-changes.ts";
import type { GivenOptions } from "./verb.ts";
import { findVerb } from "./verbs.ts";

/** One verb with its words, as a line of a batch file has them. */
interface Line {
  readonly verb: string;
  readonly words: readonly string[];
  readonly flags: readonly string[];
  /** Options with values. */
  readonly given?: GivenOptions;
}

function run(world: World, { verb: name, words, flags, given = {} }: Line): World {
  const verb = findVerb(name);
  if (verb === undefined) throw new Error(`no verb ${name}`);
  return verb.operate(world, verb.parse(words, { ...switches(flags), ...given }));
}

const switches = (flags: readonly string[]) => Object.fromEntries(flags.map((flag) => [flag, true] as const));

/** As a user does: a refused line changes nothing. */
function runAll(lines: readonly Line[], from = emptyWorld): World {
  let world = from;
  for (const line of lines) {
    try {
      world = run(world, line);
    } catch (error) {
      if (!(error instanceof VpcctlError)) throw error;
    }
  }
  return world;
}

// Few names and blocks, so that lines meet; among them one that every object inherits and one that sorts as an array index.
const vpc = fc.constantFrom("a", "b", "constructor");
const subnet = fc.constantFrom("web", "db", "constructor", "7");
const instance = fc.constantFrom("one", "two", "constructor", "7");
const vpcCidr = fc.constantFrom("10.0.0.0/16", "10.1.0.0/16", "127.0.0.0/16", "10.0.0.0/8", "192.168.1.0/28");
const subnetCidr = fc.constantFrom("10.0.1.0/24", "10.0.2.0/24", "10.0.0.0/20", "10.1.0.0/24", "10.0.2.16/28", "192.168.1.0/28", "10.0.3.0/29", "x");
const flags = (flag: string) => fc.constantFrom([], [], [flag]);
const line: fc.Arbitrary<Line> = fc.oneof(
  fc.record({ verb: fc.constant("create-vpc"), words: fc.tuple(vpc, vpcCidr), flags: flags("--any-prefix") }),
  { weight: 3, arbitrary: fc.record({ verb: fc.constant("add-subnet"), words: fc.tuple(vpc, subnet, subnetCidr), flags: flags("--any-prefix") }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant("enable-internet"), words: fc.tuple(vpc, subnet), flags: fc.constant([]) }) },
  fc.record({ verb: fc.constant("disable-internet"), words: fc.tuple(vpc, subnet), flags: fc.constant([]) }),
  fc.record({ verb: fc.constant("delete-subnet"), words: fc.tuple(vpc, subnet), flags: flags("--force") }),
  {
    weight: 4,
    arbitrary: fc.record({
      verb: fc.constant("run-instance"),
      words: fc.tuple(vpc, subnet),
      flags: flags("--public"),
      given: fc.tuple(instance, fc.constantFrom({}, {}, { "--ip": "10.0.1.9" })).map(([name, ip]) => ({ "--name": name, ...ip })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ verb: fc.constantFrom("stop-instance", "start-instance"), words: fc.tuple(vpc, instance), flags: fc.constant([]) }) },
  fc.record({ verb: fc.constant("terminate-instance"), words: fc.tuple(vpc, instance), flags: fc.constant([]) }),
  fc.record({
    verb: fc.constant("modify-instance"),
    words: fc.tuple(vpc, instance),
    flags: fc.constant([]),
    given: fc.constantFrom("true", "false").map((check) => ({ "--source-dest-check": check })),
  }),
  fc.record({ verb: fc.constant("delete-vpc"), words: fc.tuple(vpc), flags: flags("--force") }),
);
/** Starts with something to work on, for lines that find nothing are refused. */
const start: readonly Line[] = ["a", "constructor"].flatMap((name): Line[] => [
  { verb: "create-vpc", words: [name, "10.0.0.0/16"], flags: [] },
  { verb: "add-subnet", words: [name, "web", "10.0.1.0/24"], flags: [] },
  { verb: "add-subnet", words: [name, "constructor", "10.0.2.0/24"], flags: [] },
  { verb: "enable-internet", words: [name, "web"], flags: [] },
]);
const history = fc.array(line, { maxLength: 40 }).map((lines) => [...start, ...lines]);

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
        for (const each of Object.values(runAll(lines).vpcs)) {
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
        const [touched] = [verb?.touches(verb.parse(last.words, { ...switches(last.flags), ...last.given }), before)].flat();
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
        let world = runAll(lines);
        for (const each of Object.values(world.vpcs)) {
          for (const name of Object.keys(each.instances ?? {})) world = run(world, { verb: "terminate-instance", words: [each.name, name], flags: [] });
          for (const name of Object.keys(each.subnets)) world = run(world, { verb: "delete-subnet", words: [each.name, name], flags: [] });
          world = run(world, { verb: "delete-vpc", words: [each.name], flags: [] });
        }
        expect(world).toEqual(emptyWorld);
      }),
    );
  });
});

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
