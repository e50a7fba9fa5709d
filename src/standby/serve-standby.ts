// The standby process: one that has carried out commands before, and therefore carries out the next in a fraction of the time a new process
// takes, most of which goes into code that runs for the first time. It is a convenience and nothing else:
//
//  - it remembers nothing that could be out of date: each command takes the lock, reads the saved World and lets go of everything, as in a
//    process of its own;
//  - a caller that cannot reach it, or does not get its attention at once, carries its command out by itself;
//  - killed at any instant, it leaves what a killed command leaves, and the next command puts that right;
//  - it works for callers only that have its own rights, namespaces and program (caller.ts), and ends when the program was replaced.
//
// One command at a time: those left to it change something, and would wait for each other at the lock.
import { chmodSync, closeSync, removeIfThere, statIfThere, writeAll } from "../kernel/files.ts";
import { copyFilesOf } from "../kernel/files-of-process.ts";
import { keepFilesOpen, QUIET_MS } from "../kernel/keep-open.ts";
import { letKeptFilesGo } from "../kernel/leave-to-kernel.ts";
import { listenLocal, nextCaller, peerOf, receiveCall } from "../kernel/local-listener.ts";
import { lookAtNamespaceDirectoryAgain } from "../kernel/namespace-directory.ts";
import { exitStatus } from "../model/errors.ts";
import { type Likeness, likenessOf, tryLikenessOf } from "./caller.ts";
import { actOnBehalfOf } from "../workloads/processes.ts";
import { tidyDirectories } from "../workloads/records.ts";
import { decodeRequest, LARGEST_MESSAGE } from "./messages.ts";
import { LISTENING, type StandbyAssignment } from "./start-standby.ts";
import { letGo, STREAMS, type Surroundings, takeOn } from "./surroundings.ts";

export interface StandbyOptions extends StandbyAssignment {
  /** Carries out one command, in this process; returns its exit status and never throws. */
  readonly carryOut: (words: readonly string[]) => Promise<number>;
  /** Called when callers are heard. */
  readonly listening: () => void;
}

const STDOUT = 1;

/** The child's side of `startStandby`, reached through the hidden verb with the words after it. Returns an exit status. */
export async function beStandby([assignment]: readonly string[], carryOut: StandbyOptions["carryOut"]): Promise<number> {
  if (assignment === undefined) throw new Error("a standby process needs an assignment");
  try {
    await serveStandby({ ...(JSON.parse(assignment) as StandbyAssignment), carryOut, listening: () => writeAll(STDOUT, LISTENING) });
    return exitStatus.done;
  } catch (error) {
    // To the starter, as long as it listens.
    writeAll(STDOUT, error instanceof Error ? error.message : String(error));
    return exitStatus.failed;
  }
}

/** Serves until it is told to end, is idle for long, or its program was replaced. Throws a KernelError when it cannot listen. */
export async function serveStandby({ path, idle, carryOut, listening }: StandbyOptions): Promise<void> {
  const own = likenessOf("self");
  using _ = keepFilesOpen();
  const listener = listenLocal(path);
  chmodSync(path, 0o600);
  const socket = statIfThere(path)?.ino;
  listening();
  letGo();
  for (;;) {
    const caller = await waitForCaller(listener, idle);
    if (caller === undefined) break;
    if ((await serve(caller, own, carryOut)) === "end") break;
  }
  // Whoever has called meanwhile hears that nobody has taken its call.
  if (statIfThere(path)?.ino === socket) removeIfThere(path);
  closeSync(listener);
  tidyDirectories(false);
}

async function waitForCaller(listener: number, idle: number): Promise<number | undefined> {
  // The runtime hears here of children that have ended.
  await Bun.sleep(0);
  const caller = callerWithin(listener, Math.min(QUIET_MS, idle));
  if (caller !== undefined) return caller;
  letKeptFilesGo();
  return callerWithin(listener, idle - QUIET_MS);
}

/** A signal that is handled ends a wait early; then the rest is waited. */
function callerWithin(listener: number, milliseconds: number): number | undefined {
  const end = performance.now() + milliseconds;
  for (let left = milliseconds; left > 0; left = end - performance.now()) {
    const caller = nextCaller(listener, Math.ceil(left));
    if (caller !== undefined) return caller;
  }
  return undefined;
}

/** Used again and again: one command at a time. */
const room = new Uint8Array(LARGEST_MESSAGE);

async function serve(fd: number, own: Likeness, carryOut: StandbyOptions["carryOut"]): Promise<"go on" | "end"> {
  const pid = peerOf(fd);
  using call = receiveCall(fd, room);
  const caller = tryLikenessOf(pid);
  if (call === undefined || caller?.standing !== own.standing) return "go on";
  if (caller.program !== own.program) return "end";
  const request = decodeRequest(call.payload);
  const isStop = "stop" in request;
  // From here on it is ours: the caller waits for the answer.
  if (!call.take()) return "go on";
  if (isStop) call.answer(Uint8Array.of(exitStatus.done));
  else {
    const { umask, environment } = caller;
    const status = await carryOutFor(pid, { directory: `/proc/${pid}/cwd`, umask, environment }, () => carryOut(request.words));
    if (status === undefined) call.putBack();
    else call.answer(Uint8Array.of(status));
  }
  return isStop ? "end" : "go on";
}

/** Undefined when nothing was done, because the caller's surroundings cannot be had. */
async function carryOutFor(pid: number, surroundings: Omit<Surroundings, "streams">, act: () => Promise<number>): Promise<number | undefined> {
  const streams = copyFilesOf(pid, STREAMS);
  if (streams === undefined) return undefined;
  try {
    const isTaken = takeOn({ ...surroundings, streams });
    for (const stream of streams) closeSync(stream);
    if (!isTaken) return undefined;
    actOnBehalfOf(pid);
    lookAtNamespaceDirectoryAgain();
    return await act();
  } finally {
    letGo();
  }
}
