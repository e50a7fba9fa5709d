// A question to the VPC's own router: it is asked for names, and it answers a ping. It is the next hop of everybody, and nobody's neighbour
// in a subnet. So, as in EC2, no group, no ACL and no route has a say on the way to it, nor a partition; only a pulled wire does.
import { ipv6AddressOf, routerAddress6 } from "../model/addresses6.ts";
import { resolverAddress, routerAddress } from "../model/addresses.ts";
import type { Attachment } from "../model/attachment.ts";
import type { Ip } from "../model/cidr-any.ts";
import { isIpv6 } from "../model/cidr6.ts";
import { linkLocalResolver, linkLocalResolver6, resolves, vpcResolver } from "../model/dns.ts";
import { hasLinkDown } from "../model/fault.ts";
import type { Vpc } from "../model/world.ts";
import { askRunning } from "./deliver.ts";
import type { Packet } from "./packet.ts";
import { Trail } from "./trail.ts";

/** The router when the address is its own; it has those of the resolver while there is one. */
export function routerAt(vpc: Vpc, address: Ip): "router" | "resolver" | undefined {
  const subnets = Object.values(vpc.subnets);
  if (subnets.some(({ cidr, ipv6Cidr }) => address === routerAddress(cidr) || (ipv6Cidr !== undefined && address === routerAddress6(ipv6Cidr)))) return "router";
  const isResolver = [vpcResolver(vpc), linkLocalResolver].some((one) => one === address) || subnets.some(({ cidr }) => address === resolverAddress(cidr));
  return isResolver || (vpc.ipv6Cidr !== undefined && address === linkLocalResolver6) ? "resolver" : undefined;
}

/** From an attachment of the VPC to an address of its router. */
export function walkToRouter(vpc: Vpc, sender: Attachment, to: "router" | "resolver", packet: Packet): Trail {
  const trail = new Trail();
  askRunning(trail, vpc, sender, "sender");
  if (isIpv6(packet.destination) && ipv6AddressOf(sender) === undefined) {
    trail.stop(`${vpc.name}/${sender.path}`, "sender", "it has no IPv6", `Subnet ${vpc.name}/${sender.subnet.name} has no IPv6.`);
  }
  if (hasLinkDown(vpc.faults ?? [], sender.subnet.name, sender.instance?.name)) {
    const fault = `the link of ${vpc.name}/${sender.path} is down`;
    trail.stop(vpc.name, "wire", fault, `A fault is in the way, ${fault}: heal it.`);
  }
  askRouter(trail, vpc, to, packet);
  return trail;
}

function askRouter(trail: Trail, vpc: Vpc, to: "router" | "resolver", { destination, protocol, ports, icmp }: Packet): void {
  const at = `${vpc.name} router`;
  if (to === "resolver" && !resolves(vpc)) {
    return trail.stop(at, "receiver", "the VPC has no resolver", `VPC ${vpc.name} has no resolver: vpcctl enable-dns ${vpc.name}`);
  }
  const isPing = icmp?.type === (isIpv6(destination) ? 128 : 8) && protocol === (isIpv6(destination) ? "icmpv6" : "icmp");
  const isName = to === "resolver" && ports?.from === 53 && ports.to === 53;
  if (isPing || isName) return trail.pass(at, "receiver", `the ${to} answers everybody inside; no group and no ACL is asked`);
  const why = to === "resolver" ? "it answers at port 53 and to a ping" : "it answers to a ping";
  trail.stop(at, "receiver", why, `${destination} is the ${to} of VPC ${vpc.name}, and nothing else of it can be asked: ${why}.`);
}
