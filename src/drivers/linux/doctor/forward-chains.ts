// Which firewalls see a packet that the host passes on, read from `nft -j list ruleset`.

import type { NftItem } from "../observe/json.ts";
import { forwardBarriers, isForwarded } from "../observe/ruleset.ts";

export interface ForwardChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** What matches no rule is dropped: by policy, or by a last rule that drops or rejects everything. */
  readonly closes: boolean;
  /** Who most probably made it. */
  readonly owner: string;
}

/** Chains that hang on the forward hook, from a listing of the whole ruleset. */
export function findForwardChains(items: readonly NftItem[]): ForwardChain[] {
  const barriers = forwardBarriers(items);
  return items.flatMap(({ chain }) => {
    if (chain?.hook !== "forward" || !isForwarded(chain.family)) return [];
    const { family, table, name } = chain;
    const siblings = items.flatMap((item) => (item.chain?.family === family && item.chain.table === table ? [item.chain.name] : []));
    const closes = barriers.some((barrier) => barrier.family === family && barrier.table === table && barrier.chain === name);
    return [{ family, table, name, closes, owner: ownerOf(table, siblings) }];
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
