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
import { keepFilesOpen, QUIET_MS } from "../kernel/keep-open.ts";
import { letKeptFilesGo } from "../kernel/leave-to-kernel.ts";
import { waitAtMost } from "../kernel/local-caller.ts";
import { listenLocal, nextCaller, peerOf, receiveWithFiles, sendLocal } from "../kernel/local-listener.ts";
import { lookAtNamespaceDirectoryAgain } from "../kernel/namespace-directory.ts";
import { exitStatus } from "../model/errors.ts";
import { type Likeness, likenessOf } from "./caller.ts";
import { tidyDirectories } from "../workloads/records.ts";
import { decodeRequest, DONE, ENDING, LARGEST_MESSAGE, NO, PATIENCE_MS, READY, STREAMS } from "./messages.ts";
import { LISTENING, type StandbyAssignment } from "./start-standby.ts";
import { letGo, type Surroundings, takeOn } from "./surroundings.ts";

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
  keepFilesOpen();
  const listener = listenLocal(path);
  chmodSync(path, 0o600);
  const socket = statIfThere(path)?.ino;
  listening();
  letGo();
  for (;;) {
    const caller = await waitForCaller(listener, idle);
    if (caller === undefined) break;
    const verdict = await serve(caller, own, carryOut);
    closeSync(caller);
    if (verdict === "end") break;
  }
  // Whoever has called meanwhile hears that nobody is there, before it has sent anything.
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
  const { pid } = peerOf(fd);
  const caller = tryLikeness(pid);
  if (caller === undefined || caller.standing !== own.standing) return say(fd, NO);
  if (caller.program !== own.program) return say(fd, ENDING);
  sendLocal(fd, Uint8Array.of(READY));
  waitAtMost(fd, PATIENCE_MS);
  const message = receiveWithFiles(fd, room, STREAMS.length);
  if (message === undefined) return "go on";
  const request = decodeRequest(message.payload);
  if ("stop" in request) return say(fd, ENDING);
  const { words, environment } = request;
  const surroundings = { streams: message.files, directory: `/proc/${pid}/cwd`, umask: caller.umask, environment };
  const status = await carryOutFor(surroundings, () => carryOut(words));
  if (status === undefined) return say(fd, NO);
  sendLocal(fd, Uint8Array.of(DONE, status));
  return "go on";
}

function say(fd: number, answer: typeof NO | typeof ENDING): "go on" | "end" {
  sendLocal(fd, Uint8Array.of(answer));
  return answer === ENDING ? "end" : "go on";
}

function tryLikeness(pid: number): Likeness | undefined {
  try {
    return likenessOf(pid);
  } catch {
    // It has ended, or is in another process namespace.
    return undefined;
  }
}

/** Undefined when nothing was done, because the caller's surroundings cannot be had. */
async function carryOutFor(surroundings: Surroundings, act: () => Promise<number>): Promise<number | undefined> {
  try {
    if (!takeOn(surroundings)) return undefined;
    lookAtNamespaceDirectoryAgain();
    return await act();
  } finally {
    letGo();
  }
}
