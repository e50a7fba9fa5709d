// want x have -> ordered steps. Adds and changes come first, VPC by VPC in the order in which the compiler lists things; deletes come
// last, in the opposite order. Three things make the order more than that:
//  - The guards stand before the gates open: senders are listed, and host interfaces told to forward, after everything else is there.
//  - What the kernel removes by itself gets no step: everything in a namespace that goes, on a link that goes, in a table that goes.
//  - A link that must be made anew takes along what hung on it, so that has to be made again although it was there.
import { objectContent, objectKey } from "./objects/identity.ts";
import type { BridgeObject, NftElementObject, SpecObject, VethObject } from "./objects/object.ts";
import type { IfbObject } from "./objects/shaping.ts";
import { isAttachedMark } from "./names.ts";
import { inOrderOfBuilding, inOrderOfRemoval } from "./order.ts";
import { heldObjects, objectsOf, sameParts } from "./spec.ts";
import type { Spec, Unit } from "./spec.ts";
import { LinuxStep } from "./step.ts";

export function diff(want: Spec, have: Spec): LinuxStep[] {
  const wanted = objectsOf(differingUnits(want, have));
  const held = heldObjects(differingUnits(have, want));
  const anew = linksToMakeAnew(wanted, held);
  const strangers = [...held.values()].filter((object) => isStranger(wanted, object));
  const deletes = [...anew.values(), ...strangers].map((object) => new LinuxStep("delete", object));
  for (const key of [...dependents(held, anew), ...strangers.map(objectKey)]) held.delete(key);

  const adds: LinuxStep[] = [];
  for (const [key, object] of wanted) {
    const present = held.get(key);
    if (present === undefined || isBareClaim(present)) adds.push(new LinuxStep("add", object));
    else if (objectContent(present) !== objectContent(object)) adds.push(new LinuxStep("change", object, present));
  }
  const surplus = [...held].filter(([key]) => !wanted.has(key)).map(([, object]) => object);
  const { steps, later } = makeRoom(adds, surplus);
  const removals = deletions(later);
  return [...removals.filter(isRestoration), ...deletes, ...inOrderOfBuilding(steps), ...removals.filter((step) => !isRestoration(step))];
}

/** A setting of the host's goes back first of all: what remembers it (an alias, a rule) may be among what is changed. */
const isRestoration = ({ action, object }: LinuxStep): boolean => action === "delete" && object.kind === "sysctl" && object.namespace === "";

/**
 * Elements of a set of intervals must not overlap, and what comes may overlap what goes: there the deletes stand right before the adds, in
 * the same transaction, so that no packet meets the set between.
 */
function makeRoom(adds: readonly LinuxStep[], surplus: readonly SpecObject[]): { readonly steps: readonly LinuxStep[]; readonly later: readonly SpecObject[] } {
  const sets = new Map<string, SpecObject[]>();
  for (const { object } of adds) if (object.kind === "nft-element" && object.interval === true) sets.set(setOf(object), []);
  if (sets.size === 0) return { steps: adds, later: surplus };
  const later = surplus.filter((object) => object.kind !== "nft-element" || sets.get(setOf(object))?.push(object) === undefined);
  const steps = adds.flatMap((step) => {
    const set = step.object.kind === "nft-element" ? setOf(step.object) : "";
    const going = sets.get(set) ?? [];
    sets.delete(set);
    return [...going.map((object) => new LinuxStep("delete", object)), step];
  });
  return { steps, later };
}

const setOf = ({ namespace, family, set }: NftElementObject): string => `${namespace} ${family} ${set}`;

/** A namespace of somebody else's in the place of one of ours, or the other way round: the name has to go to the other. */
function isStranger(wanted: ReadonlyMap<string, SpecObject>, held: SpecObject | undefined): boolean {
  const want = held?.kind === "namespace" && held.mark !== "" ? wanted.get(objectKey(held)) : undefined;
  return held?.kind === "namespace" && want?.kind === "namespace" && isAttachedMark(held.mark) !== isAttachedMark(want.mark);
}

/** A name without a namespace, left by a kill or by a mount that is gone: to be made, and the maker takes the name over. */
const isBareClaim = (object: SpecObject): boolean => object.kind === "namespace" && object.mark === "";

function* differingUnits(of: Spec, other: Spec): Generator<Unit> {
  for (const [key, unit] of of) {
    const counterpart = other.get(key);
    if (counterpart !== undefined && sameParts(unit, counterpart)) continue;
    if (unit.parts === undefined) yield unit;
    else yield* unit.parts.unlike(counterpart?.parts);
  }
}

type LinkObject = VethObject | BridgeObject | IfbObject;
const isLink = (o: SpecObject): o is LinkObject => o.kind === "veth" || o.kind === "bridge" || o.kind === "ifb";
const linkKey = (namespace: string, link: string): string => `link ${namespace} ${link}`;

/** Links that are there but wrong in a way that no change can mend. Both ends of a pair go when either is missing or wrong. */
function linksToMakeAnew(wanted: ReadonlyMap<string, SpecObject>, held: ReadonlyMap<string, SpecObject>): Map<string, LinkObject> {
  const anew = new Map<string, LinkObject>();
  const brokenBridges = new Set<string>();
  for (const [key, object] of wanted) {
    if (object.kind !== "bridge") continue;
    const present = held.get(key);
    if (present?.kind === "bridge" && (present.mac !== object.mac || present.index !== object.index)) {
      anew.set(key, present);
      brokenBridges.add(key);
    }
    if (present === undefined) brokenBridges.add(key);
  }
  for (const [key, object] of wanted) {
    if (object.kind !== "veth" || object.end !== "near") continue;
    const near = held.get(key);
    const farKey = linkKey(object.peer.namespace, object.peer.link);
    const far = held.get(farKey);
    if (near === undefined && far === undefined) continue;
    const lostBridge = object.bridge !== undefined && brokenBridges.has(linkKey(object.namespace, object.bridge.link));
    const isMoved = isStranger(wanted, held.get(`namespace ${object.peer.namespace}`));
    // The far end is out of sight (see restrict.ts): only the near one can be judged.
    if (!lostBridge && !wanted.has(farKey) && near?.kind === "veth" && isRightEnd(object, near)) continue;
    if (!lostBridge && !isMoved && near?.kind === "veth" && far?.kind === "veth" && isRightPair(object, near, far)) continue;
    for (const end of [near, far]) if (end !== undefined && isLink(end)) anew.set(objectKey(end), end);
  }
  for (const end of endsInTheWay(wanted, held)) anew.set(objectKey(end), end);
  return anew;
}

/** Pairs that go while another takes their place on the bridge, and with it the number of their port. */
function endsInTheWay(wanted: ReadonlyMap<string, SpecObject>, held: ReadonlyMap<string, SpecObject>): VethObject[] {
  const numbers = new Set<string>();
  for (const [key, o] of wanted) if (o.kind === "veth" && o.end === "near" && !held.has(key)) numbers.add(`${o.namespace} ${o.index}`);
  if (numbers.size === 0) return [];
  const going = [...held].flatMap(([key, o]) => (o.kind === "veth" && !wanted.has(key) ? [o] : []));
  const nears = going.filter((o) => o.end === "near" && numbers.has(`${o.namespace} ${o.index}`));
  const keys = new Set(nears.map(objectKey));
  return [...nears, ...going.filter((o) => o.end === "far" && keys.has(linkKey(o.peer.namespace, o.peer.link)))];
}

function isRightPair(want: VethObject, near: VethObject, far: VethObject): boolean {
  const joined = far.peer.namespace === want.namespace && far.peer.link === want.link;
  return joined && isRightEnd(want, near) && far.mac === want.peer.mac;
}

const isRightEnd = (want: VethObject, near: VethObject): boolean =>
  near.mac === want.mac && near.index === want.index && near.bridge?.link === want.bridge?.link;

/** Keys of all that is gone when these links are. */
function dependents(held: ReadonlyMap<string, SpecObject>, links: ReadonlyMap<string, LinkObject>): string[] {
  if (links.size === 0) return [];
  return [...held].filter(([key, object]) => links.has(key) || hangsOn(object, links)).map(([key]) => key);
}

function hangsOn(object: SpecObject, links: ReadonlyMap<string, unknown>): boolean {
  switch (object.kind) {
    case "bridge-up":
    case "address":
    case "neighbour":
    case "fdb":
    case "htb":
    case "shape-class":
      return links.has(linkKey(object.namespace, object.link));
    case "nft-chain":
      // Named after the link whose packets it sees; see object.ts.
      return object.family === "netdev" && links.has(linkKey(object.namespace, object.chain.slice(object.chain.indexOf(".") + 1)));
    case "route":
      return object.link !== undefined && links.has(linkKey(object.namespace, object.link));
    case "sysctl":
      // Those of the host's own links outlive ours.
      return (object.was === undefined || object.namespace !== "") && links.has(linkKey(object.namespace, sysctlLink(object.key)));
    default:
      return false;
  }
}

/** `net/ipv4/conf/<link>/...`: the setting lives and dies with the link. */
const sysctlLink = (key: string): string => key.split("/")[3] ?? "";

/** Steps for what is no longer wanted, leaving out what goes along with something else. */
function deletions(surplus: readonly SpecObject[]): LinuxStep[] {
  const namespaces = new Set(surplus.filter((o) => o.kind === "namespace").map((o) => o.namespace));
  const tables = new Set(surplus.filter((o) => o.kind === "nft-table").map((o) => `${o.namespace} ${o.family}`));
  const trees = new Set(surplus.filter((o) => o.kind === "htb").map((o) => `${o.namespace} ${o.link}`));
  const links = new Map(surplus.filter(isLink).map((o) => [objectKey(o), o]));
  const mustGo = surplus.filter((o) => {
    if (o.kind === "namespace") return true;
    // A pair whose other end stays behind is removed first: the kernel takes a namespace apart later, in its own time.
    if (o.kind === "veth") return o.end === "near" ? !(namespaces.has(o.namespace) && namespaces.has(o.peer.namespace)) : !links.has(linkKey(o.peer.namespace, o.peer.link));
    if ("namespace" in o && namespaces.has(o.namespace)) return false;
    if (o.kind === "nft-set" || o.kind === "nft-chain" || o.kind === "nft-element") return !tables.has(`${o.namespace} ${o.family}`);
    if (o.kind === "sysctl" && o.was === undefined) return false;
    if (o.kind === "shape-class" && trees.has(`${o.namespace} ${o.link}`)) return false;
    return !hangsOn(o, links);
  });
  return mustGo
    .toReversed()
    .map((object) => new LinuxStep("delete", object))
    .toSorted(inOrderOfRemoval);
}
