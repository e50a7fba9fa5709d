// A half-built or half-removed VPC may be broken, but never open: no packet may pass whose guard does not stand. Looked at as the kernel
// holds it, between a kill and whatever comes next.
import type { FakeHost } from "../support/fake-host.ts";

interface Ruleset {
  readonly nftables: readonly {
    readonly chain?: { readonly family: string; readonly table: string; readonly name: string; readonly policy?: string };
    readonly map?: { readonly table: string; readonly name: string; readonly elem?: readonly (readonly [unknown, number])[] };
  }[];
}

/** Says which gates are open without a guard. */
export async function openGates(host: FakeHost): Promise<string[]> {
  const onHost = await host.sh("nft list table inet vpcctl 2>/dev/null || true");
  // Not the empty files of namespaces that are only about to be.
  const namespaces = await host.sh('cd /run/netns; for name in vpc.*; do ip netns exec "$name" true 2>/dev/null && echo "$name"; done; true');
  const names = namespaces.split("\n").filter((name) => /^vpc\.(?!not-ours$)[^.]+$/.test(name));
  const said: string[] = [];
  for (const router of names) {
    const inside = await ruleset(host, router);
    said.push(...(await unguardedPorts(host, router, inside)), ...(await unguardedWay(host, router, inside, onHost)));
  }
  return [...said, ...(await unguardedUplink(host, onHost))];
}

async function ruleset(host: FakeHost, namespace: string): Promise<Ruleset> {
  return JSON.parse(await host.sh(`ip netns exec ${namespace} nft -j list ruleset`)) as Ruleset;
}

const hasChain = ({ nftables }: Ruleset, family: string, name: string, policy: string): boolean =>
  nftables.some(({ chain }) => chain?.table === "vpcctl" && chain.family === family && chain.name === name && chain.policy === policy);

/** A port may be there only where senders are checked and nothing is forwarded unasked. */
async function unguardedPorts(host: FakeHost, router: string, inside: Ruleset): Promise<string[]> {
  const links = await host.sh(`ip -n ${router} -o link`);
  if (!/: [vi]-/.test(links)) return [];
  const guarded = hasChain(inside, "bridge", "prerouting", "drop") && hasChain(inside, "inet", "forward", "drop") && hasChain(inside, "inet", "input", "drop");
  return guarded ? [] : [`${router} has ports without a guard`];
}

/** A subnet may have a way to the host only where the host knows the gateway and keeps it away from itself and from other gateways. */
async function unguardedWay(host: FakeHost, router: string, inside: Ruleset, onHost: string): Promise<string[]> {
  const marks = inside.nftables.flatMap(({ map }) => (map?.name === "sources" ? (map.elem ?? []).map(([, mark]) => mark) : []));
  const rules = JSON.parse(await host.sh(`ip -n ${router} -j rule`)) as { fwmark?: string; table: string }[];
  const tables = rules.filter(({ fwmark }) => fwmark !== undefined && marks.includes(Number(fwmark))).map(({ table }) => table);
  const routes = (await Promise.all(tables.map((table) => host.sh(`ip -n ${router} route show table ${table} 2>/dev/null || true`)))).join("");
  if (!/^default .*dev igw/m.test(routes)) return [];
  const link = `igw-${router.slice("vpc.".length)}`;
  const isListed = /set gateways \{[^}]*\{([^}]*)\}/.exec(onHost)?.[1]?.includes(`"${link}"`) ?? false;
  const guards = ["iifname @gateways drop", "iifname @gateways oifname @gateways drop", "iifname @gateways iifname . ip saddr != @publics drop"];
  const isGuarded = guards.every((guard) => onHost.includes(guard));
  return isListed && isGuarded ? [] : [`${router} has a way to the host without a guard`];
}

/** An uplink that did not forward before may forward only to gateways. Its switch is our doing when the host's own one is off. */
async function unguardedUplink(host: FakeHost, onHost: string): Promise<string[]> {
  const [all, uplink] = (await host.sh("cd /proc/sys/net/ipv4; cat ip_forward conf/uplink0/forwarding")).split("\n");
  const isGuarded = /iifname "uplink0" (meta nfproto ipv4 )?oifname != @gateways drop/.test(onHost);
  return all === "0" && uplink === "1" && !isGuarded ? ["the uplink forwards without a guard"] : [];
}
