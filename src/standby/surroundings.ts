// What a command finds around it, and what the standby process therefore takes from each of its callers: streams, directory, umask and
// environment. Limits, priority and control group it cannot take; what starts programs, which would inherit them, it leaves to the caller.
import { openSync } from "../kernel/files.ts";
import { cString, processCalls } from "../kernel/libc.ts";

/** Standard input, output and error. */
export const STREAMS = [0, 1, 2] as const;

export interface Surroundings {
  /** What STREAMS are to be; open in this process. */
  readonly streams: readonly number[];
  /** A path. */
  readonly directory: string;
  readonly umask: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** What was taken on last; no command changes its own. */
let current: Surroundings["environment"] | undefined;

/** Takes them on; standard input, output and error are copies of the streams given. False when not all of it can be had. */
export function takeOn({ streams, directory, umask, environment }: Surroundings): boolean {
  const calls = processCalls();
  const isTaken = streams.every((stream, number) => calls.dup2(stream, number) === number);
  if (!isTaken || calls.chdir(cString(directory)) !== 0) return false;
  calls.umask(umask);
  if (environment === current) return true;
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  current = environment;
  return true;
}

let nothing: number | undefined;

/** Lets go of all that belongs to somebody else: a pipe that we hold would not end for its reader, a directory could not be unmounted. */
export function letGo(): void {
  const { dup2, chdir } = processCalls();
  // Opened once, and first for the process itself: at the end of a command there may be no descriptor left to open it.
  nothing ??= openSync("/dev/null", "r+");
  for (const stream of STREAMS) dup2(nothing, stream);
  chdir(cString("/"));
}
