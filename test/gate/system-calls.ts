// What a program asks of the kernel, read from strace, and which of it changes the world outside the process: the effects.
//
// Only the program's first thread is watched (no `-f`): everything that drives the kernel is synchronous and runs there. strace counts
// each system call by itself, so a point in a run is a name and an ordinal: the 3rd `sendto`.

export interface SystemCall {
  readonly name: string;
  /** The how-many-th of its name, from 1. */
  readonly ordinal: number;
  /** As strace prints it, arguments cut short. */
  readonly text: string;
}

/** Each of these is always an effect, whatever its arguments. A write to standard output is one, too. */
const effects = [
  "sendmsg", "unshare", "mount", "umount2", "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat", "renameat2", "link", "symlink",
  "chmod", "fchmod", "fchmodat", "write", "writev", "pwrite64", "ftruncate", "fsync", "fdatasync", "kill",
] as const;

/** Read-only uses of these change nothing. */
const sometimesEffects = ["open", "openat", "sendto"] as const;

/** Never effects, but a command depends on them. */
const means = ["socket", "setns", "recvfrom", "recvmsg", "flock"] as const;

/** Names for strace; the end of the program stands for the point after the last effect. */
const end = "exit_group";
export const tracedNames = [...effects, ...sometimesEffects, ...means, end].map((name) => `?${name}`).join(",");

/** Does the call change anything outside the process, or end it? */
export function isEffect({ name, text }: SystemCall): boolean {
  if (means.some((other) => other === name)) return false;
  if (name === "open" || name === "openat") return /O_CREAT|O_TRUNC/.test(text);
  return name !== "sendto" || !isQuestion(text);
}

/** Files that commands read or write; all others are read by the runtime and the libraries before and beside them. */
const ourFiles = /"\/(run|proc\/sys\/net|proc\/thread-self|proc\/\d+\/ns|var\/lib\/vpcctl)\b/;

/** Does a command depend on the outcome? It does on most; the end of a program and files of the runtime are not its affair. */
export function isFromOutside({ name, text }: SystemCall): boolean {
  if (name === "open" || name === "openat") return ourFiles.test(text);
  return name !== end;
}

/** True for netlink messages that only read. strace names the type, or gives its number where it does not know the protocol. */
function isQuestion(text: string): boolean {
  const type = /nlmsg_type=([^,]+)/.exec(text)?.[1];
  if (type === undefined) return false;
  const number = Number.parseInt(type, 16);
  if (!type.startsWith("0x")) return type.includes("GET");
  // Routing: the last two bits say new, delete, get, set. nftables (subsystem 10) changes by sendmsg only, in transactions.
  return number >> 8 === 10 || (number & 3) === 2;
}

/** The calls of a run, from what strace wrote with `-o`. One that the kernel itself began anew (it waited for a lock) counts once. */
export function parseTrace(trace: string): SystemCall[] {
  const counts = new Map<string, number>();
  return trace.split("\n").flatMap((text) => {
    const name = /^(\w+)\(/.exec(text)?.[1];
    if (name === undefined || text.includes("ERESTART")) return [];
    const ordinal = (counts.get(name) ?? 0) + 1;
    counts.set(name, ordinal);
    return [{ name, ordinal, text }];
  });
}
