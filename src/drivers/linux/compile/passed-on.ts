// What a router instance passes on, out of the VPC.
//
// Such a packet comes through the router twice: from its sender to the router instance, and from there to the internet gateway. conntrack
// would take both for one flow, and it decides about translation when a flow begins, so at the gateway it would be too late. In a zone of
// its own the second one is a flow of its own. Only packets of the question's direction have the zone: the answer comes straight back from
// the gateway to the sender and finds the flow as any other.
import { macOf } from "../../../model/addresses.ts";
import type { Vpc } from "../../../model/world.ts";
import { gatewayRouterLink, routerNamespace } from "../names.ts";
import type { SpecObject } from "../objects/object.ts";
import type { Unit } from "../spec.ts";
import { attachmentFacts } from "./attachment-facts.ts";
import { nftRule } from "./rule-text.ts";

const why = "A router instance sends on what others have sent to it. At the internet gateway that is a flow of its own, so that it is translated there.";

/** Any number but 0, which everything else has. */
const zone = 1;

/** `undefined` where no instance may pass on anything, or nothing is translated. */
export function passedOnUnit(vpc: Vpc): Unit | undefined {
  if (!vpc.internetGateway) return undefined;
  const { routers } = attachmentFacts(vpc);
  if (routers.length === 0) return undefined;
  return { vpc: vpc.name, madeFrom: [vpc.name, ...routers], objects: () => [passedOnChain(vpc, routers.map(({ address }) => macOf(address)))] };
}

function passedOnChain(vpc: Vpc, macs: readonly string[]): SpecObject {
  const rule = `meta nfproto ipv4 ether saddr { ${macs.toSorted().join(", ")} } fib daddr . mark oif "${gatewayRouterLink}" ct original zone set ${zone}`;
  return {
    kind: "nft-chain",
    namespace: routerNamespace(vpc.name),
    family: "inet",
    chain: "passed-on",
    // Right before conntrack, at -200.
    hook: { type: "filter", hook: "prerouting", priority: -300, policy: "accept" },
    rules: [nftRule(rule, "what a router instance passes on to the internet gateway is a flow of its own")],
    why,
  };
}
