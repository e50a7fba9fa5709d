import { closeSync, fstatSync, isSameFile, openIfThere, readSync, statIfThere } from "../kernel/files.ts";
import { isAlive } from "./processes.ts";
import { isUp, requireRecord, stateOf, workloadFiles } from "./records.ts";
import type { WorkloadRecord } from "./workload.ts";

/** Below what a reader notices, and 20 looks a second cost nothing. */
const LOOK_EVERY_MS = 50;
const CHUNK_BYTES = 64 * 1024;

/** What an ended workload said last is in its log within this; only a daemon that it left behind keeps the log open for longer. */
const LAST_WORD_MS = 500;

export interface LogOptions {
  /** Go on with what is written later, until the workload has ended and all is read. */
  readonly follow?: boolean;
}

/** What is kept of what a workload has written, in pieces. A log that somebody emptied is read again from its start. Throws WorkloadNotFound. */
export async function* workloadLog(name: string, { follow = false }: LogOptions = {}): AsyncGenerator<Uint8Array, void> {
  const record = requireRecord(name);
  const { log, olderLog } = workloadFiles(name);
  if (!follow) await lastWord(record);
  let fd = openIfThere(log);
  const older = openIfThere(olderLog);
  // What was set aside between the two looks is the very file that is open already.
  if (older !== undefined && fd !== undefined && isSameFile(fstatSync(fd), fstatSync(older))) closeSync(older);
  else if (older !== undefined) yield* wholeFile(older);
  if (follow) fd ??= await nextLog(log, record);
  while (fd !== undefined) {
    const goesOn: boolean = yield* current(fd, log, record, follow);
    if (!goesOn) return;
    fd = await nextLog(log, record);
  }
}

/** Between two logs there is none for an instant. Undefined when the workload has ended and there is none. */
async function nextLog(path: string, record: WorkloadRecord): Promise<number | undefined> {
  for (;;) {
    const isOver = !isUp(stateOf(record));
    if (isOver) await lastWord(record);
    const fd = openIfThere(path);
    if (fd !== undefined || isOver) return fd;
    await Bun.sleep(LOOK_EVERY_MS);
  }
}

/** Reads a log from its start and closes it. Returns true when all of it has been read and another file has taken its place. */
async function* current(fd: number, path: string, record: WorkloadRecord, follow: boolean): AsyncGenerator<Uint8Array, boolean> {
  try {
    for (let position = 0; ; ) {
      // Asked before reading: what is written before the end is then read after it.
      const isOver = !follow || !isUp(stateOf(record));
      if (follow && isOver) await lastWord(record);
      const isSetAside = !isSameFile(fstatSync(fd), statIfThere(path));
      if (fstatSync(fd).size < position) position = 0;
      for (let chunk = readAt(fd, position); chunk.length > 0; chunk = readAt(fd, position)) {
        position += chunk.length;
        yield chunk;
      }
      if (isSetAside && statIfThere(path) !== undefined) return true;
      if (isOver) return false;
      await Bun.sleep(LOOK_EVERY_MS);
    }
  } finally {
    closeSync(fd);
  }
}

/** Waits until what an ended workload has said is in its log. */
async function lastWord(record: WorkloadRecord): Promise<void> {
  const { pid, started } = record.keeper;
  if (isUp(stateOf(record))) return;
  const patience = performance.now() + LAST_WORD_MS;
  while (isAlive(pid, started) && performance.now() < patience) await Bun.sleep(1);
}

function* wholeFile(fd: number): Generator<Uint8Array> {
  try {
    for (let position = 0, chunk = readAt(fd, 0); chunk.length > 0; chunk = readAt(fd, position)) {
      position += chunk.length;
      yield chunk;
    }
  } finally {
    closeSync(fd);
  }
}


function readAt(fd: number, position: number): Uint8Array {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  return chunk.subarray(0, readSync(fd, chunk, 0, CHUNK_BYTES, position));
}
