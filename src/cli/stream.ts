// Standard output and error. Writes are synchronous: process.stdout costs 3 ms at start and loses text when the process exits,
// writeSync does neither.
import { FileError, fstatSync, isTerminal, writeSync } from "../kernel/files.ts";
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
  return { terminal: isTerminalDevice(fd), write: (data) => writeOrRefuse(fd, data) };
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
      if (!(error instanceof FileError)) throw error;
      if (error.code === "EPIPE") return false;
      if (error.code !== "EAGAIN") throw error;
      // Somebody made the pipe non-blocking and reads slowly; 1 ms is far below what an eye or a pipe notices.
      Bun.sleepSync(1);
    }
  }
  return true;
}

function isTerminalDevice(fd: number): boolean {
  try {
    // Asked in this order because the first is one of the calls that every command makes anyway.
    return fstatSync(fd).isCharacterDevice() && isTerminal(fd);
  } catch {
    return false;
  }
}
