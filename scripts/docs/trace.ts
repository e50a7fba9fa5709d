// Follows one packet through every namespace of the tutorial's VPC, in a sandbox, with the kernel's own tracing of nftables.
//
// A table `watch` in each namespace marks ICMP packets to be traced and has a chain at every hook, so the kernel tells of each hook that
// a packet passes, with links, addresses and TTL, and of each rule of ours that decides. `nft monitor trace` writes it down.
import { runInSandbox } from "./run-in-sandbox.ts";
import { buildLines, vpc } from "./tutorial-world.ts";

export const host = "the host";
export const internet = "internet";
export const router = `vpc.${vpc}`;

/** One hook that a packet passed. */
export interface Hop {
  readonly namespace: string;
  readonly family: string;
  readonly hook: string;
  readonly incoming?: string;
  readonly outgoing?: string;
  readonly from: string;
  readonly to: string;
  readonly ttl: string;
  readonly type: "echo-request" | "echo-reply";
  /** Our own chains only: what they decided, by which rule if one matched. */
  readonly verdict?: string;
  readonly rule?: string;
  /** The packet's mark, where the kernel tells it. */
  readonly mark?: number;
}

/** What a single ping from a subnet causes, per namespace in order of time. Rejects when the sandbox refuses. */
export async function tracePing(subnet: string, address: string): Promise<Hop[]> {
  const namespaces = [host, internet, router, `${router}.public-web`, `${router}.private-db`];
  const output = await runInSandbox(`${setUp(namespaces)}\nip netns exec ${router}.${subnet} ping -c1 -W1 ${address} > /run/walk/ping || true\n${settle}`);
  return output
    .split(/^=== /m)
    .slice(1)
    .flatMap((section) => parseTrace(section.slice(0, section.indexOf("\n")), section));
}

const inside = (namespace: string, command: string): string => (namespace === host ? command : `ip netns exec ${namespace} ${command}`);

/** Before all other chains at the hooks where a packet enters a namespace, after them where it leaves. */
const watch = (family: string): string =>
  [
    `table ${family} watch {`,
    "  chain prerouting { type filter hook prerouting priority -400; ip protocol icmp meta nftrace set 1; }",
    "  chain output { type filter hook output priority -400; ip protocol icmp meta nftrace set 1; }",
    "  chain input { type filter hook input priority 400; }",
    "  chain postrouting { type filter hook postrouting priority 400; }",
    "}",
  ].join("\n");

function setUp(namespaces: readonly string[]): string {
  return [
    ...buildLines.map((line) => `vpcctl ${line} --quiet`),
    "mkdir /run/walk",
    `cat > /run/walk/inet.nft <<'END'\n${watch("inet")}\nEND`,
    `cat > /run/walk/bridge.nft <<'END'\n${watch("bridge")}\nEND`,
    ...namespaces.map((namespace) => inside(namespace, "nft -f /run/walk/inet.nft")),
    inside(router, "nft -f /run/walk/bridge.nft"),
    ...namespaces.map((namespace) => `${inside(namespace, "stdbuf -oL nft monitor trace")} > "/run/walk/${namespace}.trace" &`),
    // A monitor listens when its netlink socket (family 12, netfilter) is in group 9, the traces of nftables: bit 8.
    ...namespaces.map((namespace) => `until ${inside(namespace, "grep -Eq '^[0-9a-f]+ +12 +[0-9]+ +00000100 ' /proc/net/netlink")}; do sleep 0.01; done`),
  ].join("\n");
}

/** Waits until the monitors have nothing more to say, and prints what they said. */
const settle = [
  "sizes() { wc -c /run/walk/*.trace; }",
  'until before=$(sizes); sleep 0.3; [ "$before" = "$(sizes)" ]; do :; done',
  'for file in /run/walk/*.trace; do name=${file##*/}; echo "=== ${name%.trace}"; cat "$file"; done',
].join("\n");

const event = /^trace id \S+ (\S+) (\S+) (\S+) (packet:|rule|policy|verdict) ?(.*)$/;

function parseTrace(namespace: string, text: string): Hop[] {
  const hops: Hop[] = [];
  for (const line of text.split("\n")) {
    const [, family = "", table = "", chain = "", kind = "", rest = ""] = event.exec(line) ?? [];
    if (kind === "packet:") hops.push({ namespace, family, hook: chain, ...parsePacket(rest) });
    const last = hops.at(-1);
    if (last === undefined || (kind !== "rule" && kind !== "policy")) continue;
    const mark = /meta mark 0x([0-9a-f]+)/.exec(rest)?.[1];
    const marked = kind === "policy" && mark !== undefined ? { mark: Number.parseInt(mark, 16) } : {};
    hops[hops.length - 1] = { ...last, ...marked, ...(table === "watch" ? {} : { verdict: verdictOf(kind, rest), ...ruleOf(rest) }) };
  }
  return hops;
}

function parsePacket(text: string): Omit<Hop, "namespace" | "family" | "hook"> {
  const find = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
  const incoming = find(/\biif "([^"]+)"/);
  const outgoing = find(/\boif "([^"]+)"/);
  return {
    ...(incoming === undefined ? {} : { incoming }),
    ...(outgoing === undefined ? {} : { outgoing }),
    from: find(/\bip saddr (\S+)/) ?? "?",
    to: find(/\bip daddr (\S+)/) ?? "?",
    ttl: find(/\bip ttl (\d+)/) ?? "?",
    type: text.includes("echo-reply") ? "echo-reply" : "echo-request",
  };
}

const verdictOf = (kind: string, rest: string): string => (kind === "policy" ? (rest.split(" ")[0] ?? "") : (/\(verdict (\w+)/.exec(rest)?.[1] ?? ""));

/** The rule's comment says it in words; the letters at its end are for the program. */
function ruleOf(rest: string): { readonly rule?: string } {
  const comment = /comment "(.*?)(?: #[0-9a-f]+)?"/.exec(rest)?.[1];
  return comment === undefined ? {} : { rule: comment };
}
