// Numbers that the kernel objects of a VPC carry, each chosen here so that a whole set-up can be sent as one batch without asking the
// kernel first which number it gave. They are free to choose because the namespaces hold nothing but what we put there.

/** BR_MAX_PORTS is 1,024 and port 0 does not exist. A few are left free; and a VPC of 1,000 subnets still takes one more without a second bridge. */
export const portsPerBridge = 1020;
const firstBridgeIndex = 2;
/**
 * Far from any number the kernel gives by itself: it takes a veth whose two ends have the same number for no veth when it decides how
 * urgent the news of its carrier is, and then the link works up to a second late. The other end lives on the host, numbered by the kernel.
 */
const gatewayIndex = 0x760000;
const firstPortIndex = 100;

/** Interface index of `eth0` in a subnet's or an instance's namespace: the first after the loopback. */
export const attachmentIndex = 2;
/** The same in a namespace that is not ours, where low numbers may be taken. No port has it, see `gatewayIndex`. */
export const adoptedIndex = 0x760001;
export const bridgeIndex = (bridge: number): number => firstBridgeIndex + bridge;
export const isBridgeIndex = (index: number): boolean => index >= firstBridgeIndex && index < firstPortIndex;
export const portIndex = (slot: number): number => firstPortIndex + slot;
export const shapeIndex = gatewayIndex + 0x100_000;
/** Numbers of HTB classes have 16 bits. 1 is the root's handle, so attachments start behind it; subnets count down from the end. */
export const shapeClassOfSlot = (slot: number): number => slot + 2;
export const shapeClassOfSubnet = (number: number): number => 0xffff - number;
export const gatewayRouterIndex = gatewayIndex;
/** Two per peering, since the ends of one pair must not have one number (see above). */
export const peeringIndex = (peering: number, side: "requester" | "accepter"): number => gatewayIndex + 2 * peering + (side === "requester" ? 0 : 1);
export const bridgeOfSlot = (slot: number): number => Math.floor(slot / portsPerBridge);

/** Kernel table of a route table; above 255 so that the kernel's own tables stay clear. */
export const kernelTable = (routeTable: number): number => 1000 + routeTable;
export const rulePriority = (routeTable: number): number => 1000 + routeTable;
/**
 * Behind all route tables, of which there are 200 at most, and which each have a default route: what the router itself asks outside has no
 * mark. nftables asks which way a packet would go (passed-on.ts) as if it were the router's own, so before them it would always be this one.
 */
export const ownRulePriority = 2000;
/** Before all route tables: what the VPC itself contains is `local` in each of them. */
export const localRulePriority = 500;
/** Before that, the routes of a route table that are more specific than the local one. There are 200 tables at most. */
export const insideRulePriority = (routeTable: number): number => 100 + routeTable;
/** Their kernel table; a route table's own is far below. */
export const insideTable = (routeTable: number): number => 10_000 + routeTable;
export const mainTable = 254;
/**
 * What the kernel itself asks last, by IPv4; for IPv6 it has no such rule. A blackhole in the main table would not do: the rule of the
 * local route leaves out a default route, but not one that is a blackhole.
 */
export const lastTable = 253;
export const lastRulePriority6 = 32_767;
/** Behind the kernel's own route to a subnet, which has 0: a subnet may take up all of its VPC, and then both have one destination. */
export const emptyRangeMetric = 1;

/** The kernel gives every namespace its loopback first. */
export const loopbackIndex = 1;

/** MACs of the gateway's two ends, alike in every VPC: each pair is a wire of its own. */
export const transitHostMac = "02:76:00:00:00:02";
export const transitRouterMac = "02:76:00:00:00:03";

/** MACs of a peering's two ends, alike in every peering for the same reason. */
export const peeringMacs = { requester: "02:76:00:00:00:04", accepter: "02:76:00:00:00:05" } as const;

/**
 * IPv6 next hops on a gateway's link, alike in every VPC too. Nobody has these addresses: they only stand for the MACs. Two of them lead to
 * the host, so that the firewall knows by which gateway a route lets out.
 */
export const transitHost6 = "fe80::7676:2";
export const transitRouter6 = "fe80::7676:3";
export const transitEgressOnly6 = "fe80::7676:4";

/** MAC of the block in which packets from shaped attachments wait. */
export const shapeMac = "02:76:00:00:00:06";
