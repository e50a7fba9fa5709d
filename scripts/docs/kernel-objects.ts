// Which kernel objects the tutorial's VPC is made of, from the compiler itself: each group of objects with the sentence that says why.
import { compile } from "../../src/drivers/linux/compile/compile.ts";
import type { HostFacts } from "../../src/drivers/linux/host-facts.ts";
import type { SpecObject } from "../../src/drivers/linux/objects/object.ts";
import { tutorialWorld } from "./tutorial-world.ts";

const facts: HostFacts = { uplinks: [{ link: "uplink0", forwardingWas: "0" }], barriers: [] };

/** One row per place and reason, in the order in which they are built. */
export function generate(): string {
  const rows = new Map<string, { readonly where: string; readonly why: string; readonly names: string[] }>();
  for (const unit of compile(tutorialWorld, () => facts).values()) {
    for (const object of unit.objects()) {
      const where = ("namespace" in object && object.namespace) || "host";
      const why = object.why ?? "";
      const row = rows.get(`${where} ${why}`) ?? { where, why, names: [] };
      row.names.push(nameOf(object));
      rows.set(`${where} ${why}`, row);
    }
  }
  const shown = [...rows.values()].filter(({ where }) => !where.endsWith(".private-db"));
  return ["| where | what | why |", "|---|---|---|", ...shown.map(({ where, why, names }) => `| ${where} | ${unique(names)} | ${why} |`)].join("\n");
}

/** Long enough for the names of one firewall table; a router has more settings than anybody wants to read in a table. */
const mostNames = 6;

function unique(names: readonly string[]): string {
  const different = [...new Set(names)];
  return different.length > mostNames ? `${different.length} settings, ${different.at(-mostNames / 2 - 1)} among them` : different.join(", ");
}

function nameOf(object: SpecObject): string {
  switch (object.kind) {
    case "namespace":
      return `namespace \`${object.namespace}\``;
    case "bridge":
      return `bridge \`${object.link}\``;
    case "bridge-up":
      return `\`${object.link}\` up`;
    case "veth":
      return `veth \`${object.link}\``;
    case "address":
      return `\`${object.address}/${object.prefix}\` on \`${object.link}\``;
    case "route":
      return `${object.type === "blackhole" ? "blackhole" : "route"} \`${object.destination}\``;
    case "rule":
      return object.mark === undefined ? `rule \`${object.priority}\`` : `rule \`${object.priority}\` (mark ${object.mark})`;
    case "neighbour":
      return `neighbour \`${object.address}\``;
    case "fdb":
      return `forwarding entry \`${object.mac}\``;
    case "sysctl":
      return `\`${object.key.replaceAll("/", ".")}=${object.value}\``;
    case "nft-table":
      return `table \`${object.family} vpcctl\``;
    case "nft-set":
      return `${object.map ? "map" : "set"} \`${object.set}\``;
    case "nft-chain":
      return `chain \`${object.chain}\``;
    case "nft-element":
      return `element of \`${object.set}\``;
    case "ifb":
      return `block \`${object.link}\``;
    case "htb":
      return `HTB on \`${object.link}\``;
    case "shape-class":
      return `class \`1:${object.minor.toString(16)}\` on \`${object.link}\``;
    case "foreign-rule":
      return `rule in \`${object.table} ${object.chain}\``;
  }
}
