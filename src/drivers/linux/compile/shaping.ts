// Slow wires. Everything that goes to an attachment leaves the router by its bridge, and everything that comes from one enters by it; so
// there is one place for each direction, and it is where nobody inside can reach it:
//
//   to an attachment      chain `to-shaped` (after routing): who is the next hop? -> its class in the bridge's HTB
//   from an attachment    chain `from.br-a` (ingress of the bridge): whose is the source MAC? -> its class, and on to the block `shape`,
//                         in whose HTB it waits, and from where it comes back as if it had never been away
//
// But for one thing: the kernel does not ask the egress hook of a link about a packet that has been in such a block, or it might go round
// for ever. So the hook at the bridge's egress, which would be the plain place, never sees what one shaped attachment sends to another.
//
// A class is found by one look in a map, however many there are. What is in no class passes without waiting. A subnet's bandwidth is a class
// that holds those of everything in the subnet: they have next to nothing of their own and share what it has.
import { macOf } from "../../../model/addresses.ts";
import { ipv6AddressOf } from "../../../model/addresses6.ts";
import { attachmentsOf, type Attachment } from "../../../model/attachment.ts";
import { togetherWith } from "../../../model/shaping.ts";
import type { Subnet, Vpc } from "../../../model/world.ts";
import { bridgeName, routerNamespace, shapeLink } from "../names.ts";
import { bridgeIndex, bridgeOfSlot, shapeClassOfSlot, shapeClassOfSubnet, shapeIndex, shapeMac } from "../numbers.ts";
import type { SpecObject } from "../objects/object.ts";
import { queueOf, rateOf } from "../shaping-units.ts";
import type { Unit } from "../spec.ts";
import { attachmentFacts } from "./attachment-facts.ts";
import { nftRule } from "./rule-text.ts";

/** MAC of each shaped attachment : its class. */
const shapedMap = "shaped";
/** The same by its addresses. */
const shaped4Map = "shaped4";
const shaped6Map = "shaped6";

const why = {
  block: "A packet can wait only where it leaves; so what comes from a shaped wire leaves into this block first, waits there, and goes on.",
  htb: "Hierarchical token buckets: each class of packets has a rate. What is in no class does not wait.",
  class: "Packets of one shaped attachment wait in a queue of their own.",
  subnet: "Everything in the subnet together has this rate.",
  table: "Which class a packet is in, by the MAC address that was checked at its port.",
  receivers: "Which class a packet is in, by the next hop that the router has found for it.",
};

/** None for a VPC in which nothing is shaped. */
export function* shapingUnits(vpc: Vpc): Generator<[string, Unit]> {
  if (!attachmentFacts(vpc).isShaped) return;
  yield [`shaping ${vpc.name}`, { vpc: vpc.name, madeFrom: [vpc.name, vpc.subnets, vpc.instances, vpc.ipv6Cidr], objects: () => shapingObjects(vpc) }];
}

interface Device {
  readonly link: string;
  readonly index: number;
}

function shapingObjects(vpc: Vpc): SpecObject[] {
  const namespace = routerNamespace(vpc.name);
  const shaped = attachmentsOf(vpc).filter(({ subnet, instance }) => subnet.shaping !== undefined || instance?.shaping !== undefined);
  const bridges = [...new Set(shaped.map(({ slot }) => bridgeOfSlot(slot)))].toSorted((a, b) => a - b);
  const block: Device = { link: shapeLink, index: shapeIndex };
  return [
    { kind: "ifb", namespace, ...block, mac: shapeMac, why: why.block },
    ...classesOn(namespace, block, shaped),
    ...bridges.flatMap((bridge) => {
      const device = { link: bridgeName(vpc.name, bridge), index: bridgeIndex(bridge) };
      return classesOn(namespace, device, shaped.filter(({ slot }) => bridgeOfSlot(slot) === bridge));
    }),
    ...tableOf(namespace, bridges.map((bridge) => bridgeName(vpc.name, bridge)), shaped),
    ...receiversOf(vpc, bridges.map((bridge) => bridgeName(vpc.name, bridge)), shaped),
  ];
}

function classesOn(namespace: string, device: Device, attachments: readonly Attachment[]): SpecObject[] {
  const subnets = [...new Set(attachments.map(({ subnet }) => subnet))].filter(({ shaping }) => shaping?.bandwidth !== undefined);
  return [
    { kind: "htb", namespace, ...device, why: why.htb },
    ...subnets.map(({ shaping }): SpecObject => {
      const rate = rateOf(shaping?.bandwidth);
      return { kind: "shape-class", namespace, ...device, minor: shapeClassOfSubnet(shaping?.number ?? 0), rate, ceil: rate, why: why.subnet };
    }),
    ...attachments.map((attachment): SpecObject => ({ kind: "shape-class", namespace, ...device, ...leafOf(attachment), why: why.class })),
  ];
}

/** Bytes per second; whoever shares a subnet's rate has at least this. */
const NEXT_TO_NOTHING = 1_000;

function leafOf({ subnet, instance, slot }: Attachment) {
  const shaping = togetherWith(subnet, instance?.shaping);
  const shared = sharedRate(subnet);
  const ceil = Math.min(rateOf(shaping.bandwidth), shared ?? Number.POSITIVE_INFINITY);
  const place = subnet.shaping === undefined || shared === undefined ? { rate: ceil } : { rate: NEXT_TO_NOTHING, parent: shapeClassOfSubnet(subnet.shaping.number) };
  return { minor: shapeClassOfSlot(slot), ...place, ceil, queue: queueOf(shaping, ceil) };
}

const sharedRate = ({ shaping }: Subnet): number | undefined => (shaping?.bandwidth === undefined ? undefined : rateOf(shaping.bandwidth));

function tableOf(namespace: string, bridges: readonly string[], shaped: readonly Attachment[]): SpecObject[] {
  const table = { namespace, family: "netdev", why: why.table } as const;
  const hook = { type: "filter", hook: "ingress", priority: 0, policy: "accept" } as const;
  return [
    { kind: "nft-table", ...table },
    { kind: "nft-set", ...table, set: shapedMap, map: true, type: "type ether_addr : classid" },
    ...bridges.map((device): SpecObject => ({ kind: "nft-chain", ...table, chain: `from.${device}`, device, hook, rules: [fromRule] })),
    ...shaped.map(({ address, slot }): SpecObject => ({ kind: "nft-element", ...table, set: shapedMap, key: macOf(address), value: classId(slot) })),
  ];
}

const classId = (slot: number): string => `1:${shapeClassOfSlot(slot).toString(16)}`;

function receiversOf(vpc: Vpc, bridges: readonly string[], shaped: readonly Attachment[]): SpecObject[] {
  const table = { namespace: routerNamespace(vpc.name), family: "inet", why: why.receivers } as const;
  const out = `oifname { ${bridges.map((link) => `"${link}"`).join(", ")} } meta priority set`;
  const rules = [
    nftRule(`${out} none`, "whose class it was in on its way here counts no longer"),
    nftRule(`${out} rt ip nexthop map @${shaped4Map}`, "what is for a shaped attachment waits in its class"),
    ...(vpc.ipv6Cidr === undefined ? [] : [nftRule(`${out} rt ip6 nexthop map @${shaped6Map}`, "by IPv6 as well")]),
  ];
  const element = { kind: "nft-element", ...table } as const;
  return [
    { kind: "nft-set", ...table, set: shaped4Map, map: true, type: "type ipv4_addr : classid" },
    ...(vpc.ipv6Cidr === undefined ? [] : [{ kind: "nft-set", ...table, set: shaped6Map, map: true, type: "type ipv6_addr : classid" } as const]),
    // After addresses are translated.
    { kind: "nft-chain", ...table, chain: "to-shaped", hook: { type: "filter", hook: "postrouting", priority: 200, policy: "accept" }, rules },
    ...shaped.flatMap((attachment): SpecObject[] => {
      const ipv6 = ipv6AddressOf(attachment);
      const value = classId(attachment.slot);
      const four = { ...element, set: shaped4Map, key: attachment.address, value };
      return ipv6 === undefined ? [four] : [four, { ...element, set: shaped6Map, key: ipv6, value }];
    }),
  ];
}

const fromRule = nftRule(`ether type { ip, ip6 } meta priority set ether saddr map @${shapedMap} fwd to "${shapeLink}"`, "what a shaped attachment sends waits in its class first");
