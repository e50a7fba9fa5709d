// Slow wires. Everything that goes to an attachment leaves the router by its bridge, and everything that comes from one enters by it; so
// there is one place for each direction, and it is where nobody inside can reach it:
//
//   to an attachment      chain `to.br-a` (egress of the bridge): whose is the destination MAC? -> its class in the bridge's HTB
//   from an attachment    chain `from.br-a` (ingress of the bridge): whose is the source MAC? -> its class, and on to the block `shape`,
//                         in whose HTB it waits, and from where it comes back as if it had never been away
//
// A class is found by one look in a map, however many there are. What is in no class passes without waiting. A subnet's bandwidth is a class
// that holds those of everything in the subnet: they have next to nothing of their own and share what it has.
import { macOf } from "../../../model/addresses.ts";
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

const why = {
  block: "A packet can wait only where it leaves; so what comes from a shaped wire leaves into this block first, waits there, and goes on.",
  htb: "Hierarchical token buckets: each class of packets has a rate. What is in no class does not wait.",
  class: "Packets of one shaped attachment wait in a queue of their own.",
  subnet: "Everything in the subnet together has this rate.",
  table: "Which class a packet is in, by the MAC address that was checked at its port.",
};

/** None for a VPC in which nothing is shaped. */
export function* shapingUnits(vpc: Vpc): Generator<[string, Unit]> {
  if (!attachmentFacts(vpc).isShaped) return;
  yield [`shaping ${vpc.name}`, { vpc: vpc.name, madeFrom: [vpc.name, vpc.subnets, vpc.instances], objects: () => shapingObjects(vpc) }];
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
  const hook = (at: "ingress" | "egress") => ({ type: "filter", hook: at, priority: 0, policy: "accept" }) as const;
  return [
    { kind: "nft-table", ...table },
    { kind: "nft-set", ...table, set: shapedMap, map: true, type: "type ether_addr : classid" },
    ...bridges.flatMap((device): SpecObject[] => [
      { kind: "nft-chain", ...table, chain: `from.${device}`, device, hook: hook("ingress"), rules: [fromRule] },
      { kind: "nft-chain", ...table, chain: `to.${device}`, device, hook: hook("egress"), rules: [toRule] },
    ]),
    ...shaped.map(
      ({ address, slot }): SpecObject => ({ kind: "nft-element", ...table, set: shapedMap, key: macOf(address), value: `1:${shapeClassOfSlot(slot).toString(16)}` }),
    ),
  ];
}

const fromRule = nftRule(`ether type { ip, ip6 } meta priority set ether saddr map @${shapedMap} fwd to "${shapeLink}"`, "what a shaped attachment sends waits in its class first");
const toRule = nftRule(`meta priority set ether daddr map @${shapedMap}`, "what is for a shaped attachment waits in its class");
