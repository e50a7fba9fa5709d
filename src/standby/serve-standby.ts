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
import { closeSync, readlinkSync, statIfThere, writeAll } from "../kernel/files.ts";
import { keepFilesOpen, QUIET_MS } from "../kernel/keep-open.ts";
import { letKeptFilesGo } from "../kernel/leave-to-kernel.ts";
import { type Call, listenLocal, nextCaller, receiveCall } from "../kernel/local-listener.ts";
import { lookAtNamespaceDirectoryAgain } from "../kernel/namespace-directory.ts";
import { exitStatus } from "../model/errors.ts";
import { actOnBehalfOf } from "../workloads/processes.ts";
import { type Caller, callerOf, haveSameStanding, identityOf, type Likeness, likenessOf } from "./caller.ts";
import { clearPlace, holdPlace } from "./hold-place.ts";
import { decodeRequest, LARGEST_MESSAGE } from "./messages.ts";
import { socketIn } from "./place.ts";
import { LISTENING, type StandbyAssignment } from "./start-standby.ts";
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
export async function serveStandby({ place, idle, carryOut, listening }: StandbyOptions): Promise<void> {
  const own = likenessOf("self");
  using _ = keepFilesOpen();
  const listener = listenLocal(socketIn(place));
  const socket = statIfThere(socketIn(place))?.ino;
  let isLeft = false;
  try {
    listening();
    letGo();
    for (let next: Next = "go on"; next !== "end" && !isLeft; ) {
      const caller = await waitForCaller(listener, idle);
      next = caller === undefined ? "end if you may" : await serve(caller, own, carryOut);
      if (next !== "go on") isLeft = leave(place, socket);
    }
  } finally {
    if (!isLeft) leave(place, socket);
    // Whoever has called meanwhile hears that nobody has taken its call.
    closeSync(listener);
  }
}

/** What a call, or that none has come, means for those that may follow. */
type Next = "go on" | "end if you may" | "end";

/** False when another holds the place: it may be about to say that this process is there, or to end it, and then sees to the place. */
function leave(place: string, socket: number | undefined): boolean {
  const held = holdPlace(place, "try");
  if (held === "taken") return false;
  if (held === "gone") return true;
  using _ = held;
  if (statIfThere(socketIn(place))?.ino === socket) clearPlace(place);
  return true;
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

async function serve(fd: number, own: Likeness, carryOut: StandbyOptions["carryOut"]): Promise<Next> {
  using call = receiveCall(fd, room);
  const request = call && decodeRequest(call.payload);
  if (call === undefined || request === undefined) return "go on";
  if ("stop" in request) return stop(call);
  using caller = callerOf(call);
  if (caller === undefined || !haveSameStanding(caller.likeness, own)) return "go on";
  if (caller.likeness.program !== own.program) return isReplaced(own) ? "end if you may" : "go on";
  // From here on it is ours: the caller waits for the answer.
  if (!call.take()) return "go on";
  const status = await carryOutFor(caller, () => carryOut(request.words));
  if (status === undefined) call.putBack();
  else call.answer(Uint8Array.of(status));
  return "go on";
}

/** For everybody who may call at all: whose user could as well end it by a signal. */
function stop(call: Call): Next {
  if (!call.take()) return "go on";
  call.answer(Uint8Array.of(exitStatus.done));
  return "end";
}

/** Is another file, or none, where this process's program was? Else it is the caller that has another program. */
function isReplaced(own: Likeness): boolean {
  const path = readlinkSync("/proc/self/exe");
  const found = statIfThere(path);
  return found === undefined || identityOf(found) !== own.program;
}

/**
 * Undefined when nothing was done: because the caller's surroundings cannot be had, or because it is for the caller. Nothing of the caller's is
 * open any more when this returns: it may go on to unmount its directory, or to execute what was written.
 */
async function carryOutFor(caller: Caller, act: () => Promise<number | undefined>): Promise<number | undefined> {
  try {
    if (!takeOn(caller.surroundings)) return undefined;
    actOnBehalfOf(caller.pid);
    lookAtNamespaceDirectoryAgain();
    return await act();
  } finally {
    letGo();
    caller[Symbol.dispose]();
  }
}
