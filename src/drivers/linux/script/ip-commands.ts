// The `ip`, `bridge` and `sysctl` lines that do what a step does. Only for reading and for `--dry-run | bash`: vpcctl itself never starts
// these programs. Names are safe to print bare: the model lets no other characters in. Aliases hold spaces, so they are quoted.
import { isIpv6 } from "../../../model/cidr6.ts";
import { attachmentLink, isAttachedMark, routeProtocol } from "../names.ts";
import { isPeeringEnd } from "../peering-alias.ts";
import type {
  AddressObject, BridgeObject, BridgeUpObject, FdbObject, NamespaceObject, NeighbourObject, RouteObject, RuleObject, SysctlObject, VethObject,
} from "../objects/object.ts";

export const ip = (namespace: string, rest: string): string => (namespace === "" ? `ip ${rest}` : `ip -n ${namespace} ${rest}`);
export const inside = (namespace: string, command: string): string => (namespace === "" ? command : `ip netns exec ${namespace} ${command}`);

export function addNamespace({ namespace, mark, adopted }: NamespaceObject): string[] {
  if (adopted !== undefined) return [`ip netns attach ${namespace} ${adopted.pid}`, ip(namespace, `link set lo alias '${mark}'`)];
  return [`ip netns add ${namespace}`, ip(namespace, `link set lo up alias '${mark}'`)];
}

export function deleteNamespace({ namespace, mark }: NamespaceObject): string[] {
  const cleared = [ip(namespace, "link set lo alias ''"), `${ip(namespace, `link delete ${attachmentLink}`)} 2>/dev/null || true`];
  return [...(isAttachedMark(mark) ? cleared : []), `ip netns delete ${namespace}`];
}

export function addBridge({ namespace, link, index, mac }: BridgeObject): string[] {
  return [ip(namespace, `link add ${link} index ${index} address ${mac} type bridge mcast_snooping 0`)];
}

export const switchBridge = (state: "up" | "down", { namespace, link }: BridgeUpObject): string[] => [ip(namespace, `link set ${link} ${state}`)];

export function addVeth(veth: VethObject): string[] {
  return veth.end === "near" ? addNearEnd(veth) : setFarEnd(veth);
}

const indexOf = (index: number | undefined): string => (index === undefined ? "" : ` index ${index}`);

/** As what it is to be: a port that is off is a pulled wire, and keeps all its settings. */
export const switchVeth = ({ namespace, link, up, alias }: VethObject): string[] => [
  ip(namespace, `link set ${link} ${up ? "up" : "down"}${alias === undefined ? "" : ` alias '${alias}'`}`),
];

function addNearEnd(veth: VethObject): string[] {
  const { namespace, link, index, mac, peer, bridge, up } = veth;
  // The host's namespace has no name; to `ip` it is that of a process which lives in it: the shell that runs the script.
  const netns = peer.namespace === "" ? "$$" : peer.namespace;
  const add = `link add ${link}${indexOf(index)} address ${mac} type veth peer name ${peer.link}${indexOf(peer.index)} address ${peer.mac} netns ${netns}`;
  if (bridge === undefined) return [ip(namespace, add), ...switchVeth(veth)];
  return [
    ip(namespace, add),
    ip(namespace, `link set ${link} master ${bridge.link}`),
    ip(namespace, `link set ${link} ${up ? "up" : "down"} type bridge_slave isolated on learning off flood off mcast_flood off bcast_flood off`),
  ];
}

const setFarEnd = (veth: VethObject): string[] => [
  ...(isPeeringEnd(veth) ? [] : [ip(veth.namespace, `link set ${veth.link} addrgenmode none`)]),
  ...switchVeth(veth),
];

export const address = (verb: "add" | "del", o: AddressObject): string[] => [
  ip(o.namespace, `address ${verb} ${o.address}/${o.prefix} dev ${o.link}${verb === "add" && isIpv6(o.address) ? " nodad" : ""}`),
];

export function route(verb: "add" | "del" | "replace", o: RouteObject): string[] {
  const table = o.table === 254 ? "" : ` table ${o.table}`;
  const destination = o.destination === "0.0.0.0/0" ? "default" : o.destination;
  const metric = o.metric === undefined ? "" : ` metric ${o.metric}`;
  if (o.foreign === true) return [ip(o.namespace, `route ${verb} ${destination}${metric}${table}`)];
  if (o.type === "blackhole") return [ip(o.namespace, `route ${verb} blackhole ${destination}${metric}${table} protocol ${routeProtocol}`)];
  const via = o.via === undefined ? "" : ` via ${o.via}`;
  const source = o.source === undefined ? "" : ` src ${o.source}`;
  return [ip(o.namespace, `route ${verb} ${destination}${via} dev ${o.link}${o.onlink ? " onlink" : ""}${source}${table} protocol ${routeProtocol}`)];
}

export function rule(verb: "add" | "del", o: RuleObject): string[] {
  const mark = o.mark === undefined ? "" : ` fwmark ${o.mark}`;
  const suppress = o.suppressPrefixLength === undefined ? "" : ` suppress_prefixlength ${o.suppressPrefixLength}`;
  const own = o.ownPackets === true ? " iif lo" : "";
  return [ip(o.namespace, `${o.family === 6 ? "-6 " : ""}rule ${verb} priority ${o.priority}${mark}${own} lookup ${o.table}${suppress} protocol ${routeProtocol}`)];
}

export const neighbour = (verb: "add" | "del" | "replace", o: NeighbourObject): string[] => [
  ip(o.namespace, `neighbour ${verb} ${o.address}${verb === "del" ? "" : ` lladdr ${o.mac} nud permanent`} dev ${o.link}`),
];

export const fdb = (verb: "add" | "del", { namespace, mac, link }: FdbObject): string[] => [
  `bridge -n ${namespace} fdb ${verb} ${mac} dev ${link} master${verb === "add" ? " static" : ""}`,
];

export const sysctl = ({ namespace, key, optional }: SysctlObject, value: string): string[] => [
  // -e: a kernel without the feature has no such setting, and then needs none.
  inside(namespace, `sysctl -q${optional ? "e" : ""}w ${key}=${value}`),
];
