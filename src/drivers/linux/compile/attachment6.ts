// The IPv6 side of an attachment: one address, the router as the way to everything else, and its place on the router's lists.
import { ipv6AddressOf, routerAddress6, subnetPrefix6 } from "../../../model/addresses6.ts";
import { macOf, routerMac } from "../../../model/addresses.ts";
import type { Attachment } from "../../../model/attachment.ts";
import { attachmentLink, attachmentNamespace, bridgeName, portName, routerNamespace } from "../names.ts";
import { adoptedIndex, attachmentIndex, bridgeIndex, bridgeOfSlot, mainTable } from "../numbers.ts";
import type { SpecObject } from "../objects/object.ts";
import { identities6Map, ingress6Map, sources6Map } from "./ipv6.ts";

const why = {
  inside: "Inside, by IPv6: one address and nobody else on the link. All goes to the router, whose MAC is known.",
  gateway: "The router has the first IPv6 address of every subnet.",
  neighbour: "The router knows who is where by IPv6 without asking: no neighbour discovery crosses it.",
  elsewhere: "It hangs on another bridge than its subnet, which had no port left; the router knows, and nobody else can tell.",
  list: "Who is on the router's lists may send by IPv6 as well, and may be reached, by the rules of its security groups.",
};

/** What the lists of both kinds say of an attachment. */
export interface Listed {
  /** Number of its route table. */
  readonly mark: string;
  readonly identity: string;
  /** Verdict that leads to the gate of what it receives. */
  readonly ingress: string;
}

/** None when the subnet has no IPv6. */
export function attachmentObjects6(vpc: string, attachment: Attachment, { mark, identity, ingress }: Listed): SpecObject[] {
  const { path, subnet, address: ipv4, slot, instance } = attachment;
  const address = ipv6AddressOf(attachment);
  if (subnet.ipv6Cidr === undefined || address === undefined) return [];
  const router = routerNamespace(vpc);
  const bridge = bridgeOfSlot(slot);
  const onBridge = { namespace: router, link: bridgeName(vpc, bridge), index: bridgeIndex(bridge) };
  const index = attachment.instance?.attachedTo === undefined ? attachmentIndex : adoptedIndex;
  const inside = { namespace: attachmentNamespace(vpc, path), link: attachmentLink, index };
  const gateway = routerAddress6(subnet.ipv6Cidr);
  const mac = macOf(ipv4);
  const element = { kind: "nft-element", namespace: router, family: "inet", why: why.list } as const;
  return [
    { kind: "address", ...inside, address, prefix: 128, why: why.inside },
    { kind: "neighbour", ...inside, address: gateway, mac: routerMac, why: why.inside },
    { kind: "route", ...inside, table: mainTable, destination: "::/0", type: "unicast", via: gateway, onlink: true, why: why.inside },
    ...(instance === undefined ? [{ kind: "address", ...onBridge, address: gateway, prefix: subnetPrefix6, why: why.gateway } as const] : []),
    ...(bridge === bridgeOfSlot(subnet.slot)
      ? []
      : [{ kind: "route", ...onBridge, table: mainTable, destination: `${address}/128`, type: "unicast", why: why.elsewhere } as const]),
    { kind: "neighbour", ...onBridge, address, mac, why: why.neighbour },
    { ...element, family: "bridge", set: sources6Map, key: `${portName(path)} . ${mac} . ${address}`, value: mark },
    { ...element, set: identities6Map, key: address, value: identity },
    { ...element, set: ingress6Map, key: address, value: ingress },
  ];
}
