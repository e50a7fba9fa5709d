import { expect, test } from "bun:test";
import { closeSync } from "node:fs";
import { isEnded, openPipe, O_NONBLOCK } from "../../test/support/open-pipe.ts";
import { keepFilesOpen, keepsFilesOpen } from "./keep-open.ts";
import { leaveToKernel, letKeptFilesGo } from "./leave-to-kernel.ts";

function pipe(): { readonly read: number; readonly write: number } {
  const [read, write] = openPipe(O_NONBLOCK);
  return { read, write };
}

test("files are kept until they are let go, and no more than a few at a time", async () => {
  expect(keepsFilesOpen()).toBe(false);
  using _ = keepFilesOpen();
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
