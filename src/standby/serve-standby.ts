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
import { closeSync, statIfThere, writeAll } from "../kernel/files.ts";
import { keepFilesOpen, QUIET_MS } from "../kernel/keep-open.ts";
import { letKeptFilesGo } from "../kernel/leave-to-kernel.ts";
import { type Call, listenLocal, nextCaller, receiveCall } from "../kernel/local-listener.ts";
import { lookAtNamespaceDirectoryAgain } from "../kernel/namespace-directory.ts";
import { exitStatus } from "../model/errors.ts";
import { actOnBehalfOf } from "../workloads/processes.ts";
import { tidyDirectories } from "../workloads/records.ts";
import { type Caller, callerOf, type Likeness, likenessOf } from "./caller.ts";
import { holdPlace } from "./hold-place.ts";
import { decodeRequest, LARGEST_MESSAGE } from "./messages.ts";
import { LISTENING, type StandbyAssignment } from "./start-standby.ts";
import { removeSocket } from "./stop-standby.ts";
import { letGo, takeOn } from "./surroundings.ts";

export interface StandbyOptions extends StandbyAssignment {
  /** Carries out one command, in this process; returns its exit status, or undefined when it has done nothing and its caller should. Never throws. */
  readonly carryOut: (words: readonly string[]) => Promise<number | undefined>;
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
  const socket = statIfThere(path)?.ino;
  listening();
  letGo();
  for (;;) {
    const caller = await waitForCaller(listener, idle);
    if (caller !== undefined && (await serve(caller, own, carryOut)) === "go on") continue;
    using place = holdPlace("try");
    // Another holds it to start one, and may say at any moment that this one is there.
    if (place === undefined && caller === undefined) continue;
    if (place !== undefined && statIfThere(path)?.ino === socket) removeSocket(path);
    if (place !== undefined) tidyDirectories(false);
    break;
  }
  // Whoever has called meanwhile hears that nobody has taken its call.
  closeSync(listener);
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
  using call = receiveCall(fd, room);
  const request = call && decodeRequest(call.payload);
  if (call === undefined || request === undefined) return "go on";
  if ("stop" in request) return stop(call);
  using caller = callerOf(call);
  if (caller?.likeness.standing !== own.standing) return "go on";
  if (caller.likeness.program !== own.program) return "end";
  // From here on it is ours: the caller waits for the answer.
  if (!call.take()) return "go on";
  const status = await carryOutFor(caller, () => carryOut(request.words));
  if (status === undefined) call.putBack();
  else call.answer(Uint8Array.of(status));
  return "go on";
}

/** For everybody who may call at all: whose user could as well end it by a signal. */
function stop(call: Call): "go on" | "end" {
  if (!call.take()) return "go on";
  call.answer(Uint8Array.of(exitStatus.done));
  return "end";
}

/** Undefined when nothing was done: because the caller's surroundings cannot be had, or because it is for the caller. */
async function carryOutFor({ pid, surroundings }: Caller, act: () => Promise<number | undefined>): Promise<number | undefined> {
  try {
    if (!takeOn(surroundings)) return undefined;
    actOnBehalfOf(pid);
    lookAtNamespaceDirectoryAgain();
    return await act();
  } finally {
    letGo();
  }
}
