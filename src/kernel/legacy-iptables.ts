// The old packet filter (x_tables). The nftables interface cannot see it, and its own interface to user space is one big table copied in and
// out, so its program is the only sensible door. Nothing is started unless the kernel says that the table is in use.
import { ENOENT } from "./errno.ts";
import { readFileSync, statSync } from "./files.ts";
import { KernelError } from "./errors.ts";

/** Lists tables in use, of the namespace of the reader. Not there: the kernel has no x_tables. */
const TABLES_IN_USE = "/proc/net/ip_tables_names";
/** Newer systems call it so, beside an `iptables` that speaks nftables; older ones have only an `iptables`. */
const PROGRAMS = ["iptables-legacy", "iptables"] as const;

/** True when the host's namespace has an IPv4 filter table of the old kind. */
export function legacyFilterInUse(): boolean {
  try {
    return readFileSync(TABLES_IN_USE, "utf8").split("\n").includes("filter");
  } catch {
    // ENOENT: no such feature. EACCES: not root, and then nothing can be changed either.
    return false;
  }
}

/** The FORWARD chain as `iptables -S` prints it, policy first; undefined when the table is not in use. Throws a KernelError. */
export function listLegacyForward(): readonly string[] | undefined {
  if (!legacyFilterInUse()) return undefined;
  return run(["-S", "FORWARD"]).trimEnd().split("\n");
}

/** Changes the filter table: the words behind `iptables -w`. Throws a KernelError. */
export function changeLegacyFilter(words: readonly string[]): void {
  run(words);
}

function legacyProgram(): string {
  for (const name of PROGRAMS) {
    const found = Bun.which(name, { PATH: process.env["PATH"] ?? "" });
    if (found !== null && isLegacy(found)) return found;
  }
  throw new KernelError("look at the iptables rules", "", ENOENT, "the host uses iptables of the old kind; its program is missing: apt install iptables");
}

/** What has been asked, by the file behind the name: another may stand for the name later in the life of a process. */
const answers = new Map<string, boolean>();

function isLegacy(path: string): boolean {
  const { dev, ino } = statSync(path);
  const file = `${path} ${dev} ${ino}`;
  const answer = answers.get(file) ?? !Bun.spawnSync([path, "--version"], { env: process.env }).stdout.toString().includes("nf_tables");
  answers.set(file, answer);
  return answer;
}

function run(words: readonly string[]): string {
  // -w: waits for other programs that hold the lock of the tables.
  const { exitCode, stdout, stderr } = Bun.spawnSync([legacyProgram(), "-w", ...words], { env: process.env });
  if (exitCode !== 0) throw new KernelError(`iptables ${words.join(" ")}`, "", 0, stderr.toString().trim());
  return stdout.toString();
}
