import { expect, test } from "bun:test";
import { closeSync, readSync } from "node:fs";
import { keepFilesOpen, keepsFilesOpen } from "./keep-open.ts";
import { leaveToKernel, letKeptFilesGo } from "./leave-to-kernel.ts";
import { processCalls } from "./libc.ts";

const O_NONBLOCK_CLOEXEC = 0o4000 | 0o2000000;

function pipe(): { readonly read: number; readonly write: number } {
  const ends = new Int32Array(2);
  expect(processCalls().pipe2(ends, O_NONBLOCK_CLOEXEC)).toBe(0);
  const [read = -1, write = -1] = ends;
  return { read, write };
}

function isEnded(read: number): boolean {
  try {
    return readSync(read, new Uint8Array(1)) === 0;
  } catch (error) {
    expect(error).toMatchObject({ code: "EAGAIN" });
    return false;
  }
}

test("files are kept until they are let go, and no more than a few at a time", async () => {
  expect(keepsFilesOpen()).toBe(false);
  keepFilesOpen();
  const pipes = Array.from({ length: 64 }, pipe);
  for (const { write } of pipes) leaveToKernel(write);
  // Longer than the kernel takes for one that is left to it.
  await Bun.sleep(100);
  expect(pipes.some(({ read }) => isEnded(read))).toBe(false);
  const oneMore = pipe();
  leaveToKernel(oneMore.write);
  while (![...pipes, oneMore].every(({ read }) => isEnded(read))) await Bun.sleep(1);

  const last = pipe();
  leaveToKernel(last.write);
  await Bun.sleep(100);
  expect(isEnded(last.read)).toBe(false);
  letKeptFilesGo();
  while (!isEnded(last.read)) await Bun.sleep(1);
  for (const { read } of [...pipes, oneMore, last]) closeSync(read);
});
