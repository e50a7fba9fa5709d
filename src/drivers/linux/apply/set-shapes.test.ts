import { expect, test } from "bun:test";
import { factsOf, scenes } from "../../../../test/golden/scenes.ts";
import { worldAfter } from "../../../../test/support/verb-line.ts";
import type { SetShape } from "../../../kernel/netlink/set-element.ts";
import { compile } from "../compile/compile.ts";
import type { NftElementObject, NftSetObject } from "../objects/object.ts";
import { elementRequests } from "./element-requests.ts";
import { shapeOf } from "./set-shapes.ts";

const ofFields = { iifname: "ifname", "ether saddr": "ether_addr", "ip saddr": "ipv4_addr", "ip6 saddr": "ipv6_addr", "meta mark": "mark" } as const;

/** `type ipv4_addr : mark` or `typeof ip saddr : meta mark; flags interval`, as a shape. */
function shapeIn(type: string): SetShape {
  const [clause = "", ...flags] = type.split("; ");
  const [key = "", value] = clause.replace(/^type(of)? /, "").split(" : ");
  const typeOf = (part: string) => (part in ofFields ? ofFields[part as keyof typeof ofFields] : part) as SetShape["key"][number];
  const ranges = flags.includes("flags interval") ? ({ ranges: true } as const) : {};
  return { key: key.split(" . ").map(typeOf), ...(value === undefined ? {} : { value: typeOf(value) }), ...ranges };
}

const objects = Object.values(scenes).flatMap((scene) => [...compile(worldAfter(scene.verbs), factsOf(scene)).values()].flatMap((unit) => [...unit.objects()]));
const isSet = (object: (typeof objects)[number]): object is NftSetObject => object.kind === "nft-set";
const isElement = (object: (typeof objects)[number]): object is NftElementObject => object.kind === "nft-element";
const inRouter = objects.filter((object) => "namespace" in object && object.namespace !== "");

test("the shape of a list is what its set is declared to be", () => {
  const known = new Set<string>();
  for (const { set, type } of inRouter.filter(isSet)) {
    const shape = shapeOf(set);
    if (shape === undefined) continue;
    known.add(set.replace(/^sg\..*\./, "sg."));
    expect([set, shape]).toEqual([set, shapeIn(type)]);
  }
  // Every list was looked at.
  expect([...known].toSorted()).toEqual([
    "egress", "forwarders", "identities", "identities6", "ingress", "ingress6", "sg.in4", "sg.in6", "sg.out4", "sg.out6", "sources", "sources6",
  ]);
});

test("steps on lists are requests; one on anything else leaves all of them to nftables' library", () => {
  const elements = inRouter.filter(isElement);
  const onLists = elements.filter(({ set }) => shapeOf(set) !== undefined).map((object) => ({ action: "add", object }) as const);
  const others = elements.filter(({ set }) => shapeOf(set) === undefined);
  expect(elementRequests(onLists)).toHaveLength(onLists.length);
  expect(others.length).toBeGreaterThan(0);
  for (const object of others) expect(elementRequests([...onLists, { action: "add", object }])).toBeUndefined();
  const set = inRouter.find(isSet);
  if (set !== undefined) expect(elementRequests([{ action: "add", object: set }])).toBeUndefined();
  // The host's lists have names of their own; one alike is not taken for a router's.
  expect(elementRequests(onLists.slice(0, 1).map(({ object }) => ({ action: "add", object: { ...object, namespace: "" } }) as const))).toBeUndefined();
});

test("a change takes the old element out before it puts the new one in", () => {
  const object = inRouter.filter(isElement).find(({ set }) => set === "egress");
  if (object === undefined) throw new Error("no scene has an attachment");
  const requests = elementRequests([{ action: "change", object, previous: { ...object, value: "goto out.other" } }]);
  expect(requests?.map(({ describe }) => describe.split(" ")[0])).toEqual(["delete", "add"]);
});
