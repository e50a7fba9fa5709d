import { expect, test } from "bun:test";
import { readdirSync, readlinkSync } from "node:fs";
import { processCalls } from "./libc.ts";
import { leaveToKernel } from "./leave-to-kernel.ts";

const O_CLOEXEC = 0o2000000;

function pipe(): [read: number, write: number] {
  const ends = new Int32Array(2);
  expect(processCalls().pipe2(ends, O_CLOEXEC)).toBe(0);
  return [ends[0] ?? -1, ends[1] ?? -1];
}

/** What a descriptor of ours is open on; its number may be another's a moment later. */
function fileOf(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return "nothing";
  }
}

test("a file that is left to the kernel is closed here at once, and everywhere soon", async () => {
  const [read, write] = pipe();
  const ended = Bun.file(read).stream().getReader().read();
  const file = fileOf(write);
  expect(file).toStartWith("pipe:");
  leaveToKernel(write);
  expect(fileOf(write)).not.toBe(file);
  // The reader hears of the end when nobody has the other end any more, and not before.
  expect((await ended).done).toBe(true);
});

test("nothing piles up: a thousand leave no descriptor behind", () => {
  const before = readdirSync("/proc/self/fd").length;
  for (let n = 0; n < 1000; n++) for (const end of pipe()) leaveToKernel(end);
  expect(readdirSync("/proc/self/fd").length).toBeLessThanOrEqual(before);
});
