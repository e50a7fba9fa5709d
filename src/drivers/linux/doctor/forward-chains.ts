// Which firewalls see a packet that the host passes on, read from `nft -j list ruleset`.

export interface ForwardChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** What matches no rule is dropped: by policy, or by a last rule that drops or rejects everything. */
  readonly closes: boolean;
  /** Who most probably made it. */
  readonly owner: string;
}

/** Chains that hang on the forward hook of IPv4. `ruleset` is libnftables' JSON. */
export function findForwardChains(ruleset: unknown): ForwardChain[] {
  const objects = entriesOf(ruleset, "nftables");
  const named = (kind: string) => objects.flatMap((object) => (isRecord(object) && isRecord(object[kind]) ? [object[kind]] : []));
  const chains = named("chain");
  const rules = named("rule");
  return chains
    .filter((chain) => chain["hook"] === "forward" && (chain["family"] === "ip" || chain["family"] === "inet"))
    .map((chain) => {
      const inTable = (other: Record<string, unknown>) => other["family"] === chain["family"] && other["table"] === chain["table"];
      const last = rules.filter((rule) => inTable(rule) && rule["chain"] === chain["name"]).at(-1);
      const siblings = chains.filter(inTable).map((other) => String(other["name"]));
      return {
        family: String(chain["family"]),
        table: String(chain["table"]),
        name: String(chain["name"]),
        closes: chain["policy"] === "drop" || (last !== undefined && dropsEverything(last)),
        owner: ownerOf(String(chain["table"]), siblings),
      };
    });
}

/** Who leaves which trace. Docker and ufw work through iptables, so only their chains' names tell. */
const traces: readonly { readonly owner: string; readonly table?: RegExp; readonly chain?: RegExp }[] = [
  { owner: "firewalld", table: /^firewalld$/ },
  { owner: "Docker", table: /^docker/, chain: /^DOCKER/ },
  { owner: "ufw", chain: /^ufw-/ },
  { owner: "libvirt", table: /^libvirt/, chain: /^LIBVIRT/ },
  { owner: "Kubernetes", table: /^kube/, chain: /^KUBE-/ },
];

function ownerOf(table: string, chains: readonly string[]): string {
  const trace = traces.find((each) => each.table?.test(table) || chains.some((chain) => each.chain?.test(chain)));
  return trace?.owner ?? `table ${table}`;
}

function dropsEverything(rule: Record<string, unknown>): boolean {
  const statements = entriesOf(rule, "expr").filter(isRecord);
  const verdict = statements.at(-1);
  const matches = statements.some((statement) => "match" in statement);
  return verdict !== undefined && !matches && ("drop" in verdict || "reject" in verdict);
}

function entriesOf(value: unknown, key: string): readonly unknown[] {
  const entries = isRecord(value) ? value[key] : undefined;
  return Array.isArray(entries) ? entries : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
