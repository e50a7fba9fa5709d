// Pipes, as a way to see when a file is closed everywhere.
import { expect } from "bun:test";
import { readSync } from "node:fs";
import { processCalls } from "../../src/kernel/libc.ts";

const O_CLOEXEC = 0o2000000;
export const O_NONBLOCK = 0o4000;

/** Both ends, which the test has to close. */
export function openPipe(flags = 0): [read: number, write: number] {
  const ends = new Int32Array(2);
  expect(processCalls().pipe2(ends, O_CLOEXEC | flags)).toBe(0);
  return [ends[0] ?? -1, ends[1] ?? -1];
}

/** Has nobody the other end any more? Of a pipe whose reader does not wait. */
export function isEnded(read: number): boolean {
  try {
    return readSync(read, new Uint8Array(1)) === 0;
  } catch (error) {
    expect(error).toMatchObject({ code: "EAGAIN" });
    return false;
  }
}
