// Who writes a workload's log: a shell that reads the workload's output from a pipe and keeps no more than the last of it.
//
// A log that the workload wrote itself would grow without bound, and it lies on a file system that is memory (/run). The keeper copies
// with dd(1), which hands on what it reads at once, and sets the log aside when it is long. It is outside of the workload: in no
// namespace of ours, in a session of its own and without the workload's mark, so nobody's signals reach it. It ends by itself when the
// last process that holds the pipe has ended, so the last word of a workload is always in its log.
import { closeSync } from "../kernel/files.ts";
import { makePipe } from "../kernel/pipe.ts";
import { readProcess } from "./processes.ts";

/** The log is set aside when it is longer than this ... */
const LONG_BYTES = 3_900_000;
/** ... which is looked at every so many reads, each of at most what a pipe holds. */
const READS = 16;
const READ_BYTES = 65_536;

/** No workload keeps more than this on disk: the log and the one that was set aside before. */
export const mostLogBytes = 2 * (LONG_BYTES + READS * READ_BYTES);

/**
 * Works in its current directory, so the directory may be renamed. The size of the log is the shell's own place in it, which dd shares:
 * reading it takes no program. `0+0` is what dd says at the end of its input. A disk that is full costs the log and not the workload.
 */
const KEEPER = `
exec 4>>log
failed=0
while [ $failed -lt 3 ]; do
  if said=$(dd bs=${READ_BYTES} count=${READS} 2>&1 >&4); then
    failed=0
    case $said in "0+0 "*) exit;; esac
    read -r _ size </proc/self/fdinfo/4
    if [ "$size" -gt ${LONG_BYTES} ]; then mv -f log log.1; exec 4>>log; fi
  else
    failed=$((failed + 1))
    : >log
    exec 4>>log
  fi
done
exec cat >/dev/null`;

export interface LogKeeper {
  readonly pid: number;
  /** Start time in clock ticks since boot. */
  readonly started: string;
}

/** Starts a keeper of the log in this directory; returns it and the descriptor to write to, which this process has to close. */
export function startLogKeeper(directory: string): { readonly keeper: LogKeeper; readonly output: number } {
  const { read, write: output } = makePipe();
  const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C" };
  const child = Bun.spawn(["/bin/sh", "-c", KEEPER], { cwd: directory, stdin: read, stdout: "ignore", stderr: "ignore", env, detached: true });
  child.unref();
  closeSync(read);
  const started = readProcess(child.pid)?.started;
  if (started === undefined) throw new Error("the keeper of the log has ended already");
  return { keeper: { pid: child.pid, started }, output };
}
