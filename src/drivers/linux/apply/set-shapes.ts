// How the elements of the lists are made that change all the time: who is where, and whom security groups let through by address. Steps on
// these lists alone go to the kernel without nftables' library, in a third of the time; all others are left to it, as are the sets by the
// other side's groups, whose elements begin with a mark: in which byte order ranges of marks are kept is for the library to know.
import type { FieldType, SetShape } from "../../../kernel/netlink/set-element.ts";
import { identities6Map, ingress6Map, sources6Map } from "../compile/ipv6.ts";
import { egressMap, forwardersMap, identitiesMap, ingressMap, sourcesMap } from "../compile/router-lists.ts";
import { groupSetKind } from "../names.ts";

const lists: Readonly<Record<string, SetShape>> = {
  [sourcesMap]: { key: ["ifname", "ether_addr", "ipv4_addr"], value: "mark" },
  [sources6Map]: { key: ["ifname", "ether_addr", "ipv6_addr"], value: "mark" },
  [forwardersMap]: { key: ["ifname", "ether_addr"], value: "mark" },
  [identitiesMap]: { key: ["ipv4_addr"], value: "mark" },
  [identities6Map]: { key: ["ipv6_addr"], value: "mark" },
  [egressMap]: { key: ["ether_addr"], value: "verdict" },
  [ingressMap]: { key: ["ipv4_addr"], value: "verdict" },
  [ingress6Map]: { key: ["ipv6_addr"], value: "verdict" },
};

const byBlock = (address: FieldType): SetShape => ({ key: [address, "inet_proto", "inet_service"], ranges: true });
const groupSets: Readonly<Record<string, SetShape>> = { "4": byBlock("ipv4_addr"), "6": byBlock("ipv6_addr") };

/** Of a set in a router; `undefined` where elements are left to nftables' library. */
export function shapeOf(set: string): SetShape | undefined {
  return Object.hasOwn(lists, set) ? lists[set] : groupSets[groupSetKind(set) ?? ""];
}
