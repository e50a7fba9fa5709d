import { inside } from "./ip-commands.ts";
import * as ipCommands from "./ip-commands.ts";
import { addLegacyRule, deleteLegacyRule, legacyLine } from "./legacy-rules.ts";
import * as nftCommands from "./nft-commands.ts";
import * as tcCommands from "./tc-commands.ts";
import type { ForeignRuleObject, SpecObject } from "../objects/object.ts";

/** The bash lines equivalent to one step. */
export function script(action: "add" | "change" | "delete", o: SpecObject, previous?: SpecObject): string[] {
  if (action === "add") return addScript(o);
  if (action === "delete") return deleteScript(o);
  return changeScript(o, previous ?? o);
}

const nft = (namespace: string, ...commands: string[]): string[] => commands.map((command) => inside(namespace, `nft ${quoted(command)}`));
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function addScript(o: SpecObject): string[] {
  switch (o.kind) {
    case "namespace":
      return ipCommands.addNamespace(o);
    case "bridge":
      return ipCommands.addBridge(o);
    case "bridge-up":
      return ipCommands.switchBridge("up", o);
    case "veth":
      return ipCommands.addVeth(o);
    case "address":
      return ipCommands.address("add", o);
    case "route":
      return ipCommands.route("add", o);
    case "rule":
      return ipCommands.rule("add", o);
    case "neighbour":
      return ipCommands.neighbour("add", o);
    case "fdb":
      return ipCommands.fdb("add", o);
    case "sysctl":
      return ipCommands.sysctl(o, o.value);
    case "nft-table":
      return nft(o.namespace, nftCommands.addTable(o));
    case "nft-set":
      return nft(o.namespace, nftCommands.addSet(o));
    case "nft-chain":
      return nft(o.namespace, ...nftCommands.addChain(o));
    case "nft-element":
      return nft(o.namespace, nftCommands.elements("add", [o]));
    case "ifb":
      return tcCommands.addIfb(o);
    case "htb":
      return tcCommands.htb("add", o);
    case "shape-class":
      return tcCommands.shapeClass("add", o);
    case "foreign-rule":
      return o.family === "legacy" ? [legacyLine(addLegacyRule(o))] : nft("", nftCommands.addForeignRule(o));
  }
}

function deleteScript(o: SpecObject): string[] {
  switch (o.kind) {
    case "namespace":
      return ipCommands.deleteNamespace(o);
    case "htb":
      return tcCommands.htb("del", o);
    case "shape-class":
      return tcCommands.deleteClass(o);
    case "bridge":
    case "ifb":
    case "veth":
      return [ipCommands.ip(o.namespace, `link delete ${o.link}`)];
    case "bridge-up":
      return ipCommands.switchBridge("down", o);
    case "address":
      return ipCommands.address("del", o);
    case "route":
      return ipCommands.route("del", o);
    case "rule":
      return ipCommands.rule("del", o);
    case "neighbour":
      return ipCommands.neighbour("del", o);
    case "fdb":
      return ipCommands.fdb("del", o);
    case "sysctl":
      return o.was === undefined ? [] : ipCommands.sysctl(o, o.was);
    case "nft-table":
      return nft(o.namespace, nftCommands.deleteTable(o));
    case "nft-set":
      return nft(o.namespace, nftCommands.deleteSet(o));
    case "nft-chain":
      return nft(o.namespace, ...nftCommands.deleteChain(o));
    case "nft-element":
      return nft(o.namespace, nftCommands.elements("delete", [o]));
    case "foreign-rule":
      if (o.family === "legacy") return [legacyLine(deleteLegacyRule(o))];
      return [`nft delete rule ${o.family} ${o.table} ${o.chain} handle "$(${findHandle(o)})"`];
  }
}

/** A handle is known only to the kernel, so the script looks it up. */
const findHandle = (o: ForeignRuleObject): string =>
  `nft -a list chain ${o.family} ${o.table} ${o.chain} | sed -n 's/.*${o.direction} "${o.link}".* # handle \\([0-9]*\\)$/\\1/p'`;

function changeScript(o: SpecObject, previous: SpecObject): string[] {
  switch (o.kind) {
    case "namespace":
      return [ipCommands.ip(o.namespace, `link set lo up alias '${o.mark}'`)];
    case "veth":
      return ipCommands.switchVeth(o);
    case "route":
      return ipCommands.route("replace", o);
    case "neighbour":
      return ipCommands.neighbour("replace", o);
    case "sysctl":
      return ipCommands.sysctl(o, o.value);
    case "nft-chain":
      return nft(o.namespace, nftCommands.changeChain(o, previous.kind === "nft-chain" ? previous : o).join("; "));
    case "nft-element":
      // In one transaction: no packet meets the gap.
      return nft(o.namespace, `${nftCommands.elements("delete", [o])}; ${nftCommands.elements("add", [o])}`);
    case "shape-class":
      if (previous.kind === "shape-class" && previous.parent === o.parent) return tcCommands.shapeClass("change", o);
      return [...deleteScript(previous), ...addScript(o)];
    default:
      return [...deleteScript(previous), ...addScript(o)];
  }
}
