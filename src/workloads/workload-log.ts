import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { requireRecord, stateOf, workloadFiles } from "./records.ts";

/** Below what a reader notices, and 20 looks a second cost nothing. */
const LOOK_EVERY_MS = 50;
const CHUNK_BYTES = 64 * 1024;

export interface LogOptions {
  /** Go on with what is written later, until the workload has ended and all is read. */
  readonly follow?: boolean;
}

/** What a workload has written, in pieces. A log that somebody emptied is read again from its start. Throws WorkloadNotFound. */
export async function* workloadLog(name: string, { follow = false }: LogOptions = {}): AsyncGenerator<Uint8Array, void> {
  const record = requireRecord(name);
  const fd = openSync(workloadFiles(name).log, "r");
  try {
    for (let position = 0; ; ) {
      // Asked before reading: what is written before the end is then read after it.
      const isOver = !follow || stateOf(record).kind !== "running";
      if (fstatSync(fd).size < position) position = 0;
      for (let chunk = readAt(fd, position); chunk.length > 0; chunk = readAt(fd, position)) {
        position += chunk.length;
        yield chunk;
      }
      if (isOver) return;
      await Bun.sleep(LOOK_EVERY_MS);
    }
  } finally {
    closeSync(fd);
  }
}

function readAt(fd: number, position: number): Uint8Array {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  return chunk.subarray(0, readSync(fd, chunk, 0, CHUNK_BYTES, position));
}
