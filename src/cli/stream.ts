// Standard output and error. Writes are synchronous: process.stdout costs 3 ms at start and loses text when the process exits,
// writeSync does neither.
import { fstatSync, writeSync } from "node:fs";
import { VpcctlError } from "../model/errors.ts";

const STANDARD_ERROR = 2;

export interface Stream {
  /** Somebody reads it now, line by line. */
  readonly terminal: boolean;
  /** False when nobody reads any more (EPIPE): that is how `vpcctl list | head -1` ends, and no error. */
  write(data: string | Uint8Array): boolean;
}

/** The stream of an open file descriptor. */
export function openStream(fd: number): Stream {
  return { terminal: isTerminal(fd), write: (data) => writeOrRefuse(fd, data) };
}

function writeOrRefuse(fd: number, data: string | Uint8Array): boolean {
  try {
    return writeWhole(fd, data);
  } catch (error) {
    // Complaints that cannot be told are lost: there is nobody left to tell.
    if (fd === STANDARD_ERROR) return false;
    throw new VpcctlError({
      code: "OutputLost",
      message: `The answer cannot be written to standard output: ${error instanceof Error ? error.message : String(error)}. What it tells of has happened.`,
      hint: "Make room where the output goes, and look with: vpcctl list",
      cause: error,
    });
  }
}

function writeWhole(fd: number, data: string | Uint8Array): boolean {
  let rest: Uint8Array = typeof data === "string" ? Buffer.from(data) : data;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") return false;
      if (code !== "EAGAIN") throw error;
      // Somebody made the pipe non-blocking and reads slowly; 1 ms is far below what an eye or a pipe notices.
      Bun.sleepSync(1);
    }
  }
  return true;
}

function isTerminal(fd: number): boolean {
  try {
    // node:tty costs 1.5 ms at start, so it is asked only about what can be a terminal at all.
    return fstatSync(fd).isCharacterDevice() && process.getBuiltinModule("node:tty").isatty(fd);
  } catch {
    return false;
  }
}
