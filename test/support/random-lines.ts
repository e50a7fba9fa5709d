// Random histories for tests of what holds after any sequence of verbs.
import * as fc from "fast-check";
import { VpcctlError } from "../../src/model/errors.ts";
import { emptyWorld, type World } from "../../src/model/world.ts";
import type { GivenOptions, Verb } from "../../src/operations/verb.ts";
import { findVerb } from "../../src/operations/verbs.ts";

/** One verb with its words, as a line of a batch file has them. */
export interface Line {
  readonly verb: string;
  readonly words: readonly string[];
  readonly flags: readonly string[];
  /** Options with values. */
  readonly given?: GivenOptions;
}

/** Throws VpcctlError. */
export function run(world: World, line: Line): World {
  return verbOf(line).operate(world, inputOf(line));
}

export const inputOf = (line: Line): unknown => verbOf(line).parse(line.words, { ...Object.fromEntries(line.flags.map((flag) => [flag, true] as const)), ...line.given });

function verbOf({ verb: name }: Line): Verb {
  const verb = findVerb(name);
  if (verb === undefined) throw new Error(`no verb ${name}`);
  return verb;
}

/** As a user does: a refused line changes nothing. */
export function runAll(lines: readonly Line[], from = emptyWorld): World {
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
const acl = fc.constantFrom("default", "strict", "constructor");
const entry = fc.record({
  "--rule-number": fc.constantFrom("1", "7", "100"),
  "--action": fc.constantFrom("allow", "deny"),
  "--protocol": fc.constantFrom("all", "tcp", "icmp"),
  "--cidr": fc.constantFrom("0.0.0.0/0", "10.0.0.0/8", "::/0"),
});
const aclLine: fc.Arbitrary<Line> = fc.oneof(
  fc.record({ verb: fc.constantFrom("create-network-acl", "delete-network-acl"), words: fc.tuple(vpc, acl), flags: fc.constant([]) }),
  fc.record({ verb: fc.constant("associate-network-acl"), words: fc.tuple(vpc, subnet, acl), flags: fc.constant([]) }),
  fc.record({
    verb: fc.constantFrom("create-network-acl-entry", "replace-network-acl-entry", "delete-network-acl-entry"),
    words: fc.tuple(vpc, acl),
    flags: fc.constantFrom(["--ingress"], ["--egress"]),
    given: entry,
  }),
);
const place = fc.oneof(subnet, instance, fc.tuple(subnet, instance).map(([inSubnet, name]) => `${inSubnet}/${name}`));
const faultLine: fc.Arbitrary<Line> = fc.oneof(
  fc.record({ verb: fc.constantFrom("partition", "heal"), words: fc.oneof(fc.tuple(vpc, place), fc.tuple(vpc, place, place)), flags: fc.constant([]) }),
  fc.record({ verb: fc.constantFrom("link-down", "link-up"), words: fc.tuple(vpc, place), flags: fc.constant([]) }),
  fc.record({ verb: fc.constant("heal"), words: fc.tuple(vpc), flags: fc.constant([]) }),
);
const group = fc.constantFrom("default", "apps", "constructor");
const list = fc.constantFrom("offices", "constructor");
const block = fc.constantFrom("0.0.0.0/0", "10.0.1.0/24", "10.0.1.4/32", "::/0");
const traffic = fc.oneof(
  fc.constantFrom("all", "tcp", "icmp").map((protocol) => ({ "--protocol": protocol })),
  fc.constantFrom("80", "80-90", "85").map((port) => ({ "--protocol": "tcp", "--port": port })),
);
const peer = fc.oneof(
  block.map((cidr) => ({ "--cidr": [cidr] })),
  fc.oneof(group, fc.tuple(vpc, group).map(([home, name]) => `${home}/${name}`)).map((name) => ({ "--group": [name] })),
  list.map((name) => ({ "--prefix-list": [name] })),
);
const groupLine: fc.Arbitrary<Line> = fc.oneof(
  fc.record({ verb: fc.constantFrom("create-security-group", "delete-security-group"), words: fc.tuple(vpc, group), flags: fc.constant([]) }),
  {
    weight: 3,
    arbitrary: fc.record({
      verb: fc.constantFrom("authorize-ingress", "authorize-egress", "revoke-ingress", "revoke-egress"),
      words: fc.tuple(vpc, group),
      flags: flags("--self"),
      given: fc.tuple(traffic, peer).map(([what, who]) => ({ ...what, ...who })),
    }),
  },
  fc.record({
    verb: fc.constant("set-security-groups"),
    words: fc.tuple(vpc, fc.oneof(subnet, fc.tuple(subnet, instance).map(([inSubnet, name]) => `${inSubnet}/${name}`))),
    flags: fc.constant([]),
    given: fc.array(group, { minLength: 1, maxLength: 2 }).map((names) => ({ "--security-group": names })),
  }),
  fc.record({
    verb: fc.constant("create-prefix-list"),
    words: fc.tuple(list),
    flags: fc.constant([]),
    given: fc.array(block, { maxLength: 2 }).map((cidrs) => ({ "--cidr": cidrs })),
  }),
  fc.record({
    verb: fc.constant("modify-prefix-list"),
    words: fc.tuple(list),
    flags: fc.constant([]),
    given: fc.tuple(block, block).map(([add, remove]) => ({ "--add": [add], "--remove": [remove] })),
  }),
  fc.record({ verb: fc.constant("delete-prefix-list"), words: fc.tuple(list), flags: fc.constant([]) }),
  fc.record({
    verb: fc.constant("apply-policy"),
    words: fc.tuple(
      vpc,
      fc.tuple(subnet, fc.constantFrom("allow", "deny")).map(([name, action]) => JSON.stringify({ subnet: name, ingress: [{ action, protocol: "tcp", port: 80 }] })),
    ),
    flags: fc.constant([]),
  }),
  fc.record({ verb: fc.constant("remove-policy"), words: fc.tuple(vpc, subnet), flags: fc.constant([]) }),
);
const destination = fc.oneof(block, list.map((name) => `prefix-list/${name}`));
const routeVerb = fc.constantFrom("create-route", "replace-route", "delete-route");
const routeLine: fc.Arbitrary<Line> = fc
  .tuple(vpc, fc.constantFrom("main", "private"), destination, fc.constantFrom("blackhole", "instance/one"), routeVerb)
  .map(([home, name, destination, target, verb]) => ({ verb, words: [home, name, destination, ...(verb === "delete-route" ? [] : [target])], flags: [] }));
const table = fc.constantFrom("main", "private", "public", "constructor");
/** Which tables there are, and who uses them. */
export const tableVerbs = ["create-route-table", "delete-route-table", "set-main-route-table", "associate-route-table", "disassociate-route-table"] as const;
const tableLine: fc.Arbitrary<Line> = fc
  .tuple(fc.constantFrom(...tableVerbs), vpc, subnet, table)
  .map(([verb, home, place, name]): Line => {
    const words = verb === "associate-route-table" ? [place, name] : verb === "disassociate-route-table" ? [place] : [name];
    return { verb, words: [home, ...words], flags: [] };
  });
const vpcCidr6 = fc.constantFrom("fd00:a::/56", "fd00:a:0:100::/56", "FD00:A::/56", "fd00:a::/64", "x");
const ipv6Line: fc.Arbitrary<Line> = fc.oneof(
  fc.record({ verb: fc.constant("create-vpc"), words: fc.tuple(vpc, vpcCidr), flags: fc.constant(["--ipv6"]) }),
  fc.record({ verb: fc.constant("associate-ipv6-cidr"), words: fc.oneof(fc.tuple(vpc), fc.tuple(vpc, vpcCidr6)), flags: fc.constant([]) }),
  fc.record({ verb: fc.constant("disassociate-ipv6-cidr"), words: fc.tuple(vpc), flags: fc.constant([]) }),
  fc.record({
    verb: fc.constant("add-subnet"),
    words: fc.tuple(vpc, subnet, subnetCidr),
    flags: fc.constant([]),
    given: fc.constantFrom("fd00:a::/64", "fd00:a:0:1::/64", "fd00:a:0:100::/64").map((cidr) => ({ "--ipv6-cidr": cidr })),
  }),
);
/** One line. */
export const line: fc.Arbitrary<Line> = fc.oneof(
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
  { weight: 4, arbitrary: aclLine },
  { weight: 4, arbitrary: groupLine },
  { weight: 2, arbitrary: routeLine },
  { weight: 3, arbitrary: tableLine },
  { weight: 2, arbitrary: ipv6Line },
  { weight: 3, arbitrary: faultLine },
  fc.record({ verb: fc.constant("delete-vpc"), words: fc.tuple(vpc), flags: flags("--force") }),
);
/** Starts with something to work on, for lines that find nothing are refused. */
const start: readonly Line[] = ["a", "constructor"].flatMap((name): Line[] => [
  { verb: "create-vpc", words: [name, "10.0.0.0/16"], flags: [] },
  { verb: "add-subnet", words: [name, "web", "10.0.1.0/24"], flags: [] },
  { verb: "add-subnet", words: [name, "constructor", "10.0.2.0/24"], flags: [] },
  { verb: "enable-internet", words: [name, "web"], flags: [] },
  { verb: "create-network-acl", words: [name, "strict"], flags: [] },
  { verb: "create-security-group", words: [name, "apps"], flags: [] },
]);
export const history = fc.array(line, { maxLength: 40, size: "max" }).map((lines) => [...start, ...lines]);
