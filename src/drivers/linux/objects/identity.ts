import type { SpecObject } from "./object.ts";

/** What an object is: two objects with one key are the same thing, perhaps in different states. */
export function objectKey(o: SpecObject): string {
  switch (o.kind) {
    case "namespace":
      return `namespace ${o.namespace}`;
    case "bridge":
    case "ifb":
    case "veth":
      return `link ${o.namespace} ${o.link}`;
    case "bridge-up":
      return `link up ${o.namespace} ${o.link}`;
    case "address":
      return `address ${o.namespace} ${o.link} ${o.address}/${o.prefix}`;
    case "route":
      return `route ${o.namespace} ${o.table} ${o.destination}${o.metric === undefined ? "" : ` metric ${o.metric}`}`;
    case "rule":
      return `rule ${o.namespace} ${o.priority}${o.family === 6 ? " IPv6" : ""}`;
    case "neighbour":
      return `neighbour ${o.namespace} ${o.link} ${o.address}`;
    case "fdb":
      return `fdb ${o.namespace} ${o.link} ${o.mac}`;
    case "sysctl":
      return `sysctl ${o.namespace} ${o.key}`;
    case "nft-table":
      return `nft table ${o.namespace} ${o.family}`;
    case "nft-set":
      return `nft set ${o.namespace} ${o.family} ${o.set}`;
    case "nft-chain":
      return `nft chain ${o.namespace} ${o.family} ${o.chain}`;
    case "nft-element":
      return `nft element ${o.namespace} ${o.family} ${o.set} ${o.key}`;
    case "htb":
      return `htb ${o.namespace} ${o.link}`;
    case "shape-class":
      return `class ${o.namespace} ${o.link} 1:${o.minor.toString(16)}`;
    case "foreign-rule":
      return `rule in foreign chain ${o.family} ${o.table} ${o.chain} ${o.direction} ${o.link}`;
  }
}

/** How an object is: everything that can differ between two objects of one key, as comparable text. */
export function objectContent(o: SpecObject): string {
  switch (o.kind) {
    case "namespace":
      return o.mark;
    case "bridge":
      return `${o.index} ${o.mac}`;
    case "veth":
      // Which end belongs to which is told by the far one: a look at one subnet need not visit all others.
      return `${o.mac} ${o.up} ${o.bridge?.link ?? "-"} ${o.alias ?? "-"} ${o.end === "far" ? `${o.peer.namespace}:${o.peer.link}` : o.index}`;
    case "route":
      return `${o.type} ${o.via ?? "-"} ${o.link ?? "-"} ${o.source ?? "-"}`;
    case "rule":
      return `${o.table} ${o.mark ?? "-"} ${o.suppressPrefixLength ?? "-"}${o.ownPackets === true ? " own" : ""}`;
    case "neighbour":
      return o.mac;
    case "sysctl":
      return o.value;
    case "nft-set":
      return `${o.map}`;
    case "nft-chain":
      return `${JSON.stringify(o.hook ?? null)} ${o.rules.map((rule) => rule.comment).join("\n")}`;
    case "nft-element":
      return o.value ?? "";
    case "ifb":
      return `${o.index} ${o.mac}`;
    case "shape-class":
      return `${o.parent === undefined ? "-" : `in 1:${o.parent.toString(16)}`} ${o.rate} ${o.ceil}${o.queue === undefined ? "" : ` ${Object.values(o.queue).join(" ")}`}`;
    case "bridge-up":
    case "address":
    case "fdb":
    case "htb":
    case "nft-table":
    case "foreign-rule":
      return "";
  }
}
