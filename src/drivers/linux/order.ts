// In which order steps are taken: what guards stands before what it guards, and goes after it.
import type { SpecObject } from "./objects/object.ts";
import { isBridgeIndex } from "./numbers.ts";
import type { LinuxStep } from "./step.ts";

/**
 * 0: everything that only stands there, the host's lists of what to guard too. 1: what guards a router, and then its lists, which let
 * packets in; together they are one transaction. 3: bridges go on, others let us pass. 4: who hangs on a bridge, which the kernel is told
 * only when it is on. 5: ways by those on a bridge: an IPv6 next hop must be known to be there. 6: the rules that lead to route tables;
 * until then a packet finds no way out of its VPC.
 */
function phase({ object }: LinuxStep): number {
  if (object.kind === "bridge-up" || object.kind === "foreign-rule") return 3;
  if (object.kind === "route" && isRouter(object.namespace) && isBridgeIndex(object.index ?? 0)) return object.via === undefined ? 4 : 5;
  if (object.kind === "rule") return 6;
  if (!object.kind.startsWith("nft-") || namespaceOf(object) === "") return 0;
  return object.kind === "nft-element" ? 2 : 1;
}

const phaseCount = 7;

const namespaceOf = (object: SpecObject): string => ("namespace" in object ? object.namespace : "");

/** The host forwards when all is there. That a link of ours speaks IPv6 comes before its addresses. */
const isLast = ({ object }: LinuxStep): boolean => object.kind === "sysctl" && object.namespace === "" && !object.key.endsWith("/disable_ipv6");

/**
 * VPC by VPC, so that each is finished in few messages; VPCs that are tied to each other together, and what is the host's with the VPC it is
 * for. Else the compiler's order stays.
 */
export function inOrderOfBuilding(steps: readonly LinuxStep[]): LinuxStep[] {
  const groups = new Map<string, LinuxStep[][]>();
  const tied = tiedRouters(steps);
  const last: LinuxStep[] = [];
  let router = "";
  for (const step of steps) {
    if (isLast(step)) {
      last.push(step);
      continue;
    }
    router = routerOf(namespaceOf(step.object)) || router;
    const group = tied.get(router) ?? router;
    let phases = groups.get(group);
    if (phases === undefined) groups.set(group, (phases = Array.from({ length: phaseCount }, () => [])));
    phases[phase(step)]?.push(step);
  }
  return [...[...groups.values()].flat(2), ...last];
}

/** `vpc.a` of `vpc.a` and of every namespace in it. */
const routerOf = (namespace: string): string => namespace.split(".", 2).join(".");

/** Routers with a wire between them (a peering), directly or by way of others -> one of them, the same for all. */
function tiedRouters(steps: readonly LinuxStep[]): ReadonlyMap<string, string> {
  const tied = new Map<string, string>();
  for (const { object } of steps) {
    if (object.kind !== "veth" || !isRouter(object.namespace) || !isRouter(object.peer.namespace)) continue;
    const [one, other] = [tied.get(object.namespace) ?? object.namespace, tied.get(object.peer.namespace) ?? object.peer.namespace];
    for (const [router, group] of tied) if (group === other) tied.set(router, one);
    for (const router of [object.namespace, object.peer.namespace]) tied.set(router, one);
  }
  return tied;
}

const isRouter = (namespace: string): boolean => namespace !== "" && namespace === routerOf(namespace);

/**
 * The host's settings go back while the link that remembers them is still there; then gates close, then things go; namespaces last. The
 * host's lists say which links are guarded, so they forget a link after it has gone.
 */
function removalPhase({ object }: LinuxStep): number {
  // A router's is put back when nothing is left that needs it: without IPv6 a link has no address that could be deleted.
  if (object.kind === "sysctl") return object.namespace === "" ? 0 : 4;
  if (object.kind === "nft-element" && object.namespace === "") return 4;
  if (object.kind === "nft-element" || object.kind === "foreign-rule") return 1;
  // Before the block to which its rules send packets.
  if (object.kind === "nft-chain" || (object.kind === "nft-table" && object.family === "netdev")) return 2;
  if (object.kind === "namespace") return 5;
  return object.kind === "nft-set" || object.kind === "nft-table" ? 4 : 3;
}

export const inOrderOfRemoval = (a: LinuxStep, b: LinuxStep): number => removalPhase(a) - removalPhase(b);
