// Everything about a host's network, and what else vpcctl might leave on it, as text: two snapshots of an unchanged host are equal
// byte for byte. It is taken in the host's own namespace and in every named one.
//
// Not in it, or made alike, each because it changes without anybody changing anything:
//  - packet counters (`nft -s`; `[12:345]` behind a chain of iptables): every packet moves them;
//  - timers of bridges (`..._timer 1.23`): they count time;
//  - lifetimes of addresses and routes that somebody lent (`valid_lft 3600sec`): they count time, too;
//  - neighbours and forwarding entries the kernel learned: a cache that every packet fills. Permanent ones and proxies are compared;
//  - `nf_conntrack_count`: the number of connections right now;
//  - the snapshot's own processes, and whether the others run or wait;
//  - vpcctl's own state directory: its log remains on purpose.
// Everything else counts, also what is easily called a detail: interface indices, rule handles (a rule deleted and added again is not
// the same), inode numbers of namespaces, mount ids, the order of rules.
import { stateDirectory } from "../../src/sandbox/make-believe.ts";

/** Something that runs a shell line and gives its output. */
export interface Shell {
  sh(command: string): Promise<string>;
}

/** Lines by section, in the order taken: `links`, `vpc.a: routes`. */
export type Snapshot = ReadonlyMap<string, readonly string[]>;

interface Section {
  readonly name: string;
  readonly command: string;
  /** Where the order says nothing (a directory's, a hash table's). */
  readonly sorted?: true;
}

/** What every network namespace has. */
const network: readonly Section[] = [
  { name: "links", command: "ip -d -o link" },
  { name: "addresses", command: "ip -d -o address" },
  { name: "multicast addresses", command: "ip -o maddress" },
  { name: "IPv4 routes", command: "ip -d -4 route show table all", sorted: true },
  { name: "IPv6 routes", command: "ip -d -6 route show table all", sorted: true },
  { name: "IPv4 rules", command: "ip -d -4 rule" },
  { name: "IPv6 rules", command: "ip -d -6 rule" },
  { name: "neighbours", command: "ip -d neighbour show nud permanent; ip -d neighbour show proxy", sorted: true },
  { name: "bridge ports", command: "bridge -d -o link" },
  { name: "forwarding entries", command: "bridge fdb | grep -w -e permanent -e static", sorted: true },
  { name: "queues", command: "tc -d qdisc" },
  { name: "nftables", command: "nft -s -a list ruleset" },
  { name: "iptables", command: "for table in iptables ip6tables iptables-legacy ip6tables-legacy; do command -v $table-save >/dev/null && $table-save | grep -v '^#'; done" },
  { name: "settings", command: "grep -r -s . /proc/sys/net", sorted: true },
];

/** What vpcctl's log, the sandbox's services and the overlay's bookkeeping write to. */
const leftOut = [stateDirectory, "/run/sandbox/services.log", "/run/sandbox/etc-work"].map((path) => `-path ${path} -prune -o`).join(" ");
const list = "\\( -type f -printf '%p %y %m %s\\n' -o -printf '%p %y %m %l\\n' \\)";

/** What the host has once. */
const machine: readonly Section[] = [
  { name: "namespaces", command: "stat -c '%n %i %F %a' /run/netns /run/netns/*", sorted: true },
  { name: "mounts", command: "cat /proc/self/mountinfo" },
  { name: "files in /run and /etc", command: `find /run -xdev ${leftOut} ${list}`, sorted: true },
  { name: "name servers", command: "stat -c '%n %F %i %a' /etc/resolv.conf; cat /etc/resolv.conf" },
  { name: "/etc/netns", command: "find /etc/netns -printf '%p %y %m %l\\n' -type f -exec cat {} +", sorted: true },
];

/** Marks the start of a section; no command prints it. */
const MARK = "\u0001";

/** Takes a snapshot. Needs `ip`, `bridge`, `tc` and `nft`; fails when one is missing, rather than compare nothing with nothing. */
export async function snapshotHost(host: Shell): Promise<Snapshot> {
  const snapshot = new Map<string, readonly string[]>();
  for (const part of (await host.sh(script)).split(MARK).slice(1)) {
    const [name = "", ...lines] = part.replace(/\n$/, "").split("\n");
    snapshot.set(name, lines);
  }
  for (const [name, lines] of snapshot) {
    const section = [...network, ...machine].find((candidate) => name === candidate.name || name.endsWith(`: ${candidate.name}`));
    const stable = lines.filter((line) => !line.includes("/nf_conntrack_count:")).map(withoutCounts);
    snapshot.set(name, section?.sorted === true ? stable.toSorted() : stable);
  }
  return snapshot;
}

/** The line without what counts time or packets; see the list above. */
function withoutCounts(line: string): string {
  return line.replace(/(\w_timer) +[\d.]+/g, "$1 ~").replace(/^(:.*) \[\d+:\d+\]$/, "$1").replace(/ \d+sec\b/g, " ~sec");
}

/** One line per difference: `links: - 2: eth0 ...` was only in the first, `+` is only in the second. Empty when they are equal. */
export function diffSnapshots(before: Snapshot, after: Snapshot): string[] {
  const differences: string[] = [];
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const was = before.get(name);
    const is = after.get(name);
    if (was === undefined || is === undefined) {
      // Of a namespace that came or went one line per section is enough.
      differences.push(`${name}: ${was === undefined ? "+" : "-"} ${(was ?? is ?? []).length} lines`);
      continue;
    }
    if (was.join("\n") === is.join("\n")) continue;
    const [gone, come] = [without(was, is), without(is, was)];
    differences.push(...gone.map((line) => `${name}: - ${line}`), ...come.map((line) => `${name}: + ${line}`));
    if (gone.length + come.length === 0) differences.push(`${name}: the same lines in another order`);
  }
  return differences;
}

/** Lines of `from` that `other` lacks; each occurrence counts. */
function without(from: readonly string[], other: readonly string[]): string[] {
  const left = [...other];
  return from.filter((line) => {
    const index = left.indexOf(line);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

/** Processes with parents and command lines; those of the snapshot itself (this shell and what it starts) are left out. */
const processes = `ps -e -o pid=,ppid=,args= | awk -v self=$$ '
  { parent[$1] = $2; line[$1] = $0 }
  END {
    for (pid in line) {
      for (at = pid; at in parent && at != self; at = parent[at]);
      if (at != self) print line[pid]
    }
  }' | sort -n`;

const script = `
for program in ip bridge tc nft nsenter ps awk; do command -v $program >/dev/null || { echo "a snapshot needs $program" >&2; exit 1; }; done
${machine.map(print).join("\n")}
printf '${MARK}processes\\n'; ${processes}
where=; ${network.map(print).join("\n")}
for file in /run/netns/*; do
  [ -e "$file" ] || continue
  nsenter --net="$file" sh -c 'where="\${0##*/}: "
${network.map(print).join("\n").replaceAll("'", `'\\''`)}' "$file"
done
:`;

function print({ name, command }: Section): string {
  return `printf '${MARK}%s${name}\\n' "$where"; { ${command}; } 2>&1`;
}
