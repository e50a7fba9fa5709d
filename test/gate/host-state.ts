// A host's state in two views: as it is, byte for byte, and as anybody would describe it. The second leaves out the numbers that the kernel
// gives in turn (interface indices, inodes, rule handles, processes), and whether a link has noticed its carrier yet, so two hosts that were
// built one after the other look alike.
import { stateDirectory } from "../../src/sandbox/make-believe.ts";
import type { FakeHost } from "../support/fake-host.ts";
import { diffSnapshots, type Snapshot, snapshotHost } from "../support/host-snapshot.ts";

/** The log and the lock stay for ever; everything else in the state directory belongs to the state. */
const storeCommand = `cd ${stateDirectory} 2>/dev/null || exit 0; ls -A | grep -vx -e lock -e 'log.jsonl.*'; cat world.json 2>/dev/null || true`;

/** Byte for byte, with what the store holds. */
export async function exactState(host: FakeHost): Promise<Snapshot> {
  const snapshot = new Map(await snapshotHost(host));
  snapshot.set("store", (await host.sh(storeCommand)).split("\n"));
  return snapshot;
}

/** Without what tells only when something was made. */
export async function plainState(host: FakeHost): Promise<Snapshot> {
  const exact = await exactState(host);
  return new Map([...exact].map(([name, lines]) => [name, plain(name, lines)]));
}

const unordered = /links|addresses|mounts|bridge ports|queues|neighbours|processes/;

function plain(name: string, lines: readonly string[]): readonly string[] {
  const replaced = lines.map((line) =>
    line
      .replace(/^\d+:\s+/, "")
      .replace(/NO-CARRIER,|,LOWER_UP/g, "")
      .replace(/ state (UP|DOWN|UNKNOWN|LOWERLAYERDOWN) /, " ")
      .replace(/^\d+ \d+ \d+:\d+ /, "")
      .replace(/@if\d+/, "@if")
      .replace(/link-netnsid \d+/, "link-netnsid")
      .replace(/net:\[\d+\]/, "net:[]")
      .replace(/(shared|master):\d+/, "$1")
      .replace(/^(\/run\/netns\S*) \d+ /, "$1 ")
      .replace(/^ *\d+ +\d+ (?=\S+dnsmasq )/, "")
      .replace(/^(\S+\.pid \S+ \S+) \d+$/, "$1")
      .replace(/(tcp_fastopen_key:)\S+/, "$1")
      .replace(/ # handle \d+$/, "")
      .replace(/qdisc (\w+) [0-9a-f]+:/, "qdisc $1"),
  );
  if (name.endsWith("nftables")) return inOrderOfName(replaced);
  return unordered.test(name) ? replaced.toSorted() : replaced;
}

/** Sets and chains of a table are listed in the order in which they were made. That of a chain's rules says something, and stays. */
function inOrderOfName(lines: readonly string[]): string[] {
  const tables = lines.filter((line) => line !== "").join("\n").split(/\n(?=table )/);
  return tables.flatMap((table) => table.split(/\n(?=\t(?:set|map|chain) |\})/).toSorted().join("\n").split("\n"));
}

/** Milliseconds; the kernel takes namespaces apart in its own time, and notices carriers in its own time, too. */
const patience = 8000;

/** Differences that remain after the kernel has had time to come to rest; none when the host is as expected. */
export async function differences(
  expected: Snapshot,
  look: () => Promise<Snapshot>,
  isHarmless: (difference: string) => boolean = () => false,
): Promise<string[]> {
  const start = performance.now();
  for (;;) {
    const found = diffSnapshots(expected, await look()).filter((difference) => !isHarmless(difference));
    if (found.length === 0 || performance.now() - start > patience) return found;
    await Bun.sleep(20);
  }
}
