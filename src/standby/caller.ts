// Who calls the standby process. It works only for a process that could do the same by itself and would do it in the same place.
import { closeSync, openSync, readFileSync, readlinkSync, type Stats, statSync } from "../kernel/files.ts";
import { type Call, peerOf } from "../kernel/local-listener.ts";
import { openProcess } from "../kernel/open-process.ts";
import { STREAMS, type Surroundings } from "./surroundings.ts";

/** What decides what a process may do, in /proc/PID/status. */
const rights = /^(?:Uid|Gid|Groups|CapEff|NoNewPrivs|Seccomp(?:_filters)?):.*$/gm;
const namespaces = ["mnt", "pid", "user"] as const;

export interface Likeness {
  /** Rights, label, namespaces but that of the network, and root directory. */
  readonly standing: string;
  /** Its network namespace. Of a process at a change it may be any of those that it is in for an instant. */
  readonly network: string;
  /** The program it runs. */
  readonly program: string;
  readonly umask: number;
  /** What it was started with. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The process that has called, as it is. */
export interface Caller extends Disposable {
  readonly pid: number;
  readonly likeness: Likeness;
  /** Its files, open here until this is disposed of. */
  readonly surroundings: Surroundings;
}

/**
 * Who is at the other end of a call. Undefined when that process has ended, is in another process namespace, may not be looked into, or is
 * not the one that has called: the kernel tells a number only, which may be another's by now.
 */
export function callerOf(call: Call): Caller | undefined {
  try {
    return lookAt(call);
  } catch {
    // It has just ended, say, or there are no more descriptors.
    return undefined;
  }
}

function lookAt(call: Call): Caller | undefined {
  const pid = peerOf(call.fd);
  using process = openProcess(pid);
  if (process === undefined) return undefined;
  using files = new DisposableStack();
  const likeness = likenessOf(pid);
  const directory = files.adopt(openSync(`/proc/${pid}/cwd`, "r"), closeSync);
  const streams = process.copyFiles(STREAMS) ?? [];
  for (const stream of streams) files.adopt(stream, closeSync);
  // Last: only now it is certain whose likeness, directory and streams these are.
  if (streams.length !== STREAMS.length || !call.isOf(process)) return undefined;
  const held = files.move();
  const { umask, environment } = likeness;
  return { pid, likeness, surroundings: { streams, directory: `/proc/self/fd/${directory}`, umask, environment }, [Symbol.dispose]: () => held.dispose() };
}

/** Undefined when it has ended, is in another process namespace, or may not be looked at. */
export function tryLikenessOf(pid: number): Likeness | undefined {
  try {
    return likenessOf(pid);
  } catch {
    return undefined;
  }
}

/** Throws a FileError when there is no such process, or we may not look at it. */
export function likenessOf(pid: number | "self"): Likeness {
  const directory = `/proc/${pid}`;
  const status = readFileSync(`${directory}/status`, "latin1");
  const places = namespaces.map((kind) => readlinkSync(`${directory}/ns/${kind}`));
  const standing = [...(status.match(rights) ?? []), labelOf(directory), ...places, identityOf(statSync(`${directory}/root`))].join("\n");
  const umask = Number.parseInt(/^Umask:\s*(\d+)$/m.exec(status)?.[1] ?? "022", 8);
  const network = readlinkSync(`${directory}/ns/net`);
  return { standing, network, program: identityOf(statSync(`${directory}/exe`)), umask, environment: environmentIn(readFileSync(`${directory}/environ`, "utf8")) };
}

/** Do both see and may do the same? */
export const haveSameStanding = (a: Likeness, b: Likeness): boolean => a.standing === b.standing && a.network === b.network;

let last: { readonly text: string; readonly variables: Readonly<Record<string, string>> } | undefined;

/** The very same object for the same text: one caller after the other has the same variables. */
function environmentIn(text: string): Readonly<Record<string, string>> {
  if (last?.text === text) return last.variables;
  const entries = text.split("\0").filter((entry) => entry.includes("="));
  const variables = Object.fromEntries(entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]));
  last = { text, variables };
  return variables;
}

/** The same for the same file, whatever its name. */
export const identityOf = ({ dev, ino }: Stats): string => `${dev} ${ino}`;

/** That of AppArmor, SELinux or the like; empty where the kernel has none of them. */
function labelOf(directory: string): string {
  try {
    return readFileSync(`${directory}/attr/current`, "latin1");
  } catch {
    return "";
  }
}
