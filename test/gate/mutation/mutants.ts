// Every class of generated rule, and how to take it away by hand: all rules of nftables with one comment, all elements of a set (or of the
// sets alike of all groups), all other kernel objects with one reason. A class is what one line of the compiler makes.
import { compile } from "../../../src/drivers/linux/compile/compile.ts";
import type { HostFacts } from "../../../src/drivers/linux/host-facts.ts";
import type { SpecObject } from "../../../src/drivers/linux/objects/object.ts";
import { LinuxStep } from "../../../src/drivers/linux/step.ts";
import type { World } from "../../../src/model/world.ts";
import type { FakeHost } from "../../support/fake-host.ts";

export interface Mutant {
  readonly name: string;
  /** Bash that takes it away. */
  readonly theft: string;
}

const inside = (namespace: string, command: string): string => (namespace === "" ? command : `ip netns exec ${namespace} ${command}`);

export async function mutantsOf(host: FakeHost, world: World): Promise<Mutant[]> {
  const routers = Object.keys(world.vpcs).map((vpc) => `vpc.${vpc}`);
  const thefts = new Map<string, string[]>();
  const note = (name: string, theft: string): void => void thefts.set(name, [...(thefts.get(name) ?? []), theft]);
  for (const namespace of ["", ...routers]) {
    const where = namespace === "" ? "host" : "router";
    const listing = await host.sh(inside(namespace, "nft -j list ruleset"));
    for (const { rule, set, map } of (JSON.parse(listing) as { nftables: readonly Item[] }).nftables) {
      if (rule?.table === "vpcctl") {
        const { family, chain, comment = "" } = rule;
        const words = comment.replace(/ #[0-9a-f]+$/, "").replaceAll(/group [a-z0-9-]+/g, "group G");
        note(`${where}, ${family} ${alike(chain)}: ${words}`, ruleTheft(namespace, family, chain, comment));
      }
      const listed = set ?? map;
      if (listed?.table === "vpcctl" && (listed.elem ?? []).length > 0) {
        const flush = `nft flush ${set === undefined ? "map" : "set"} ${listed.family} vpcctl ${listed.name}`;
        note(`${where}, elements of ${listed.family} ${alike(listed.name)}`, inside(namespace, flush));
      }
    }
  }
  const facts: HostFacts = { uplinks: [{ link: "uplink0", forwardingWas: "0" }], barriers: [] };
  for (const unit of compile(world, () => facts).values()) {
    for (const object of unit.objects()) {
      const theft = theftOf(object);
      if (theft !== undefined) note(`${object.kind}: ${nameOf(object)}`, theft);
    }
  }
  return [...thefts].map(([name, each]) => ({ name, theft: each.join("\n") }));
}

/** By its comment: a chain that was put right has new handles. */
function ruleTheft(namespace: string, family: string, chain: string, comment: string): string {
  const list = inside(namespace, `nft -a list chain ${family} vpcctl ${chain}`);
  const handles = `${list} | grep -F 'comment "${comment.replaceAll("'", "'\\''")}"' | sed 's/.* handle //'`;
  return `for handle in $(${handles}); do ${inside(namespace, `nft delete rule ${family} vpcctl ${chain} handle $handle`)}; stolen=1; done; [ "$stolen" ]; stolen=`;
}

interface Item {
  readonly rule?: { readonly family: string; readonly table: string; readonly chain: string; readonly comment?: string };
  readonly set?: Listed;
  readonly map?: Listed;
}

interface Listed {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly elem?: readonly unknown[];
}

/** `in.web.db` is one of many, and so are `sg.web.in4` and `acl-in.lone`. */
const alike = (name: string): string => name.replace(/^(in|out)\..*/, "$1.*").replace(/^sg\..*\./, "sg.*.").replace(/^(acl[a-z-]*)\..*/, "$1.*");

/** Its reason; of settings the setting, since one reason stands for many. */
const nameOf = (object: SpecObject): string =>
  object.kind === "sysctl" ? object.key.replace(/(conf|neigh)\/(br|igw)-[^/]+/, "$1/$2-*").replace(/uplink\d/, "uplink") : (object.why ?? "");

function theftOf(object: SpecObject): string | undefined {
  switch (object.kind) {
    case "route":
    case "rule":
    case "neighbour":
    case "fdb":
      return new LinuxStep("delete", object).script.join("\n");
    case "sysctl":
      // Turned the other way round. What the kernel does not have is no rule.
      return inside(object.namespace, `sh -c '[ ! -e /proc/sys/${object.key} ] || echo ${object.value === "0" ? 1 : 0} > /proc/sys/${object.key}'`);
    default:
      return undefined;
  }
}
