// Follows one packet through every namespace it may come to, in a sandbox, with the kernel's own tracing of nftables.
//
// A table `watch` in each namespace marks ICMP packets to be traced and has a chain at every hook, so the kernel tells of each hook that
// a packet passes, with links, addresses and TTL, and of each rule of ours that decides. `nft monitor trace` writes it down.
import { runInSandbox } from "./run-in-sandbox.ts";
export const host = "the host";
export const internet = "internet";

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
  /** Our own chains only: what they decided in the end, and the rules that led there, in the order in which they matched. */
  readonly verdict?: string;
  readonly rules?: readonly string[];
  /** The packet's mark, where the kernel tells it. */
  readonly mark?: number;
}

export interface Ping {
  /** Words after the program's name that build what the packet walks through; other lines of shell start with `!`. */
  readonly build: readonly string[];
  /** Namespace of the sender. */
  readonly from: string;
  readonly to: string;
  /** Every namespace the packet might be seen in. */
  readonly watched: readonly string[];
}

/** What a single ping causes, per namespace in order of time. Rejects when the sandbox refuses. */
export async function tracePing({ build, from, to, watched }: Ping): Promise<Hop[]> {
  const sends = inside(from, `ping -c1 -W1 ${to} > /run/walk/ping || true`);
  const output = await runInSandbox(`${setUp(build, [...new Set([host, internet, ...watched])])}\n${sends}\n${settle}`);
  return output
    .split(/^=== /m)
    .slice(1)
    .flatMap((section) => parseTrace(section.slice(0, section.indexOf("\n")), section));
}

const inside = (namespace: string, command: string): string => (namespace === host ? command : `ip netns exec ${namespace} ${command}`);

/** `vpc.a`, not `vpc.a.web`. */
const isRouter = (namespace: string): boolean => /^vpc\.[^.]+$/.test(namespace);

const traced = ["icmp", "icmpv6"].map((protocol) => `${protocol} type { echo-request, echo-reply } meta nftrace set 1;`).join(" ");

/** Before all other chains at the hooks where a packet enters a namespace, after them where it leaves. */
const watch = (family: string): string =>
  [
    `table ${family} watch {`,
    `  chain prerouting { type filter hook prerouting priority -400; ${traced} }`,
    `  chain output { type filter hook output priority -400; ${traced} }`,
    "  chain input { type filter hook input priority 400; }",
    "  chain postrouting { type filter hook postrouting priority 400; }",
    "}",
  ].join("\n");

function setUp(build: readonly string[], namespaces: readonly string[]): string {
  return [
    ...build.map((line) => (line.startsWith("!") ? line.slice(1) : `vpcctl ${line} --quiet`)),
    "mkdir /run/walk",
    `cat > /run/walk/inet.nft <<'END'\n${watch("inet")}\nEND`,
    `cat > /run/walk/bridge.nft <<'END'\n${watch("bridge")}\nEND`,
    ...namespaces.map((namespace) => inside(namespace, "nft -f /run/walk/inet.nft")),
    ...namespaces.filter(isRouter).map((router) => inside(router, "nft -f /run/walk/bridge.nft")),
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
    const before = hops.at(-1);
    const isQueued = family === "netdev" && before !== undefined;
    if (kind === "packet:") hops.push({ namespace, family, hook: chain, ...parsePacket(rest), ...(isQueued ? sameAs(before) : {}) });
    else if (isQueued && before.hook !== chain) hops.push({ namespace, family, hook: chain, ...sameAs(before) });
    const last = hops.at(-1);
    if (last === undefined || (kind !== "rule" && kind !== "policy")) continue;
    const mark = /meta mark 0x([0-9a-f]+)/.exec(rest)?.[1];
    const marked = kind === "policy" && mark !== undefined ? { mark: Number.parseInt(mark, 16) } : {};
    hops[hops.length - 1] = { ...last, ...marked, ...(table === "watch" ? {} : decided(last, kind, rest)) };
  }
  return hops;
}

/** Of packets in the hooks of a device the kernel does not tell what they are, or nothing at all; they are the ones of the hook before. */
const sameAs = ({ from, to, ttl, type }: Hop): Pick<Hop, "from" | "to" | "ttl" | "type"> => ({ from, to, ttl, type });

function parsePacket(text: string): Omit<Hop, "namespace" | "family" | "hook"> {
  const find = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
  const incoming = find(/\biif "([^"]+)"/);
  const outgoing = find(/\boif "([^"]+)"/);
  return {
    ...(incoming === undefined ? {} : { incoming }),
    ...(outgoing === undefined ? {} : { outgoing }),
    from: find(/\bip6? saddr (\S+)/) ?? "?",
    to: find(/\bip6? daddr (\S+)/) ?? "?",
    ttl: find(/\b(?:ip ttl|ip6 hoplimit) (\d+)/) ?? "?",
    type: text.includes("echo-reply") ? "echo-reply" : "echo-request",
  };
}

/** A rule that only notes something (a mark) and goes on is no step of the decision; one that gives a class to wait in is. */
function decided({ rules = [] }: Hop, kind: string, rest: string): Pick<Hop, "verdict" | "rules"> {
  const verdict = kind === "policy" ? (rest.split(" ")[0] ?? "") : (/\(verdict (\w+)/.exec(rest)?.[1] ?? "");
  // The rule's comment says it in words; the letters at its end are for the program.
  const rule = /comment "(.*?)(?: #[0-9a-f]+)?"/.exec(rest)?.[1];
  return { verdict, rules: rule === undefined || (verdict === "continue" && !rest.includes("meta priority set")) ? rules : [...rules, rule] };
}
