// Who calls the standby process. It works only for a process that could do the same by itself and would do it in the same place.
import { readFileSync, readlinkSync, statSync } from "../kernel/files.ts";

/** What decides what a process may do, in /proc/PID/status. */
const rights = /^(?:Uid|Gid|Groups|CapEff|NoNewPrivs|Seccomp):.*$/gm;
const namespaces = ["net", "mnt", "pid", "user"] as const;

export interface Likeness {
  /** Rights, namespaces and root directory: equal when two processes see and may do the same. */
  readonly standing: string;
  /** The program it runs. */
  readonly program: string;
  readonly umask: number;
  /** What it was started with. */
  readonly environment: Readonly<Record<string, string>>;
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
  const standing = [...(status.match(rights) ?? []), ...places, identityOf(`${directory}/root`)].join("\n");
  const umask = Number.parseInt(/^Umask:\s*(\d+)$/m.exec(status)?.[1] ?? "022", 8);
  return { standing, program: identityOf(`${directory}/exe`), umask, environment: environmentIn(readFileSync(`${directory}/environ`, "utf8")) };
}

function environmentIn(text: string): Record<string, string> {
  const variables = text.split("\0").filter((entry) => entry.includes("="));
  return Object.fromEntries(variables.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]));
}

/** Of the file that a link of /proc leads to, which may have no name any more. */
function identityOf(path: string): string {
  const { dev, ino } = statSync(path);
  return `${dev} ${ino}`;
}
