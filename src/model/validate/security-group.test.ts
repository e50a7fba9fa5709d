import { describe, expect, test } from "bun:test";
import { refused } from "../../../test/support/memory-engine.ts";
import { worldAfter } from "../../../test/support/verb-line.ts";
import { applyPolicy } from "../../operations/subnet-policy.ts";
import { validateWorld } from "../validate.ts";
import type { World } from "../world.ts";

const lines = [
  "create-vpc a 10.0.0.0/16",
  "add-subnet a web 10.0.1.0/24",
  "create-prefix-list offices --cidr 192.0.2.0/24 --cidr 2001:db8::/32",
  "create-security-group a web --description front",
  "authorize-ingress a web --protocol tcp --port 80 --cidr ::/0 --self --prefix-list offices",
  "authorize-egress a web --protocol icmp --icmp-type 3/4 --cidr 10.0.0.0/8",
  "set-security-groups a web --security-group web --security-group default",
];
const policy = '{"subnet": "web", "ingress": [{"port": 80, "protocol": "tcp", "action": "allow", "cidr": "10.0.0.0/8"}], "egress": []}';
const sound = applyPolicy(worldAfter(lines), { vpc: "a", policy });

test("a World with groups, prefix lists and policies is read as it was written", () => {
  const read: unknown = JSON.parse(JSON.stringify(sound));
  expect(validateWorld(read)).toEqual(sound);
});

describe("damaged, it is refused with the path:", () => {
  const group = "vpcs.a.securityGroups.web";
  const damages: readonly (readonly [at: string, value: unknown, problem: string])[] = [
    [`${group}.description`, 5, "is not a string"],
    [`${group}.ingress`, {}, "is not a list"],
    [`${group}.ingress.0`, "all", "is not an object"],
    [`${group}.ingress.0.protocol`, "sctp", "is not a protocol"],
    [`${group}.ingress.0.ports`, { from: 90, to: 80 }, "is not a range of ports"],
    [`${group}.ingress.0.ports.to`, 65_536, "is not a range of ports"],
    [`${group}.ingress.0.protocol`, "all", "is not a range of ports"],
    ["vpcs.a.subnets.web.policy.ingress.0.protocol", "all", "is not a range of ports"],
    [`${group}.egress.2.icmp`, { type: 256 }, "is not an ICMP type"],
    [`${group}.ingress.0.peer`, null, "is not an object"],
    [`${group}.ingress.0.peer`, { kind: "planet" }, "is not a known kind"],
    [`${group}.ingress.0.peer.cidr`, "10.0.0.1/8", "host bits are set"],
    [`${group}.ingress.0.peer.cidr`, "::0/0", "is not written as ::/0"],
    [`${group}.ingress.2.peer.group`, "A", "is not a name"],
    [`${group}.ingress.2.peer.group`, "gone", "names group gone, which does not exist"],
    [`${group}.ingress.1.peer.name`, "constructor", "names prefix list constructor, which does not exist"],
    ["vpcs.a.subnets.web.securityGroups", ["gone"], "names gone, which does not exist"],
    ["vpcs.a.subnets.web.securityGroups", [], "is not a list of names"],
    ["vpcs.a.subnets.web.policy", [], "is not an object"],
    ["vpcs.a.subnets.web.policy.ingress.0.action", "perhaps", "is neither allow nor deny"],
    ["vpcs.a.subnets.web.policy.ingress.0.cidr", 5, "is not a CIDR block"],
    ["vpcs.a.subnets.web.policy.egress", 5, "is not a list"],
    ["prefixLists.offices.cidrs.0", "192.0.2.0", "is wrong"],
    ["prefixLists.offices.name", "other", "is not the same as its key"],
  ];
  test.each(damages)("%s = %j", (at, value, problem) => {
    expect(refused(() => validateWorld(withDamage(sound, at.split("."), value))).details?.join("; ")).toContain(problem);
  });
});

/** A rule may outlive the group of another VPC that it names. */
test("a rule for a group of a VPC that is gone is sound", () => {
  const stale = withDamage(sound, "vpcs.a.securityGroups.web.ingress.1.peer".split("."), { kind: "group", group: "web", vpc: "gone" });
  expect(validateWorld(stale)).toEqual(stale);
});

function withDamage(world: World, [first = "", ...rest]: readonly string[], value: unknown): World {
  const copy = JSON.parse(JSON.stringify(world)) as World;
  let part = copy as unknown as Record<string, Record<string, unknown>>;
  let key = first;
  for (const next of rest) {
    part = part[key] as unknown as Record<string, Record<string, unknown>>;
    key = next;
  }
  (part as Record<string, unknown>)[key] = value;
  return copy;
}
