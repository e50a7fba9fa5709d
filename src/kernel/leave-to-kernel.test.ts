import { expect, test } from "bun:test";
import { closeSync, readdirSync, readlinkSync } from "node:fs";
import { isEnded, openPipe, O_NONBLOCK } from "../../test/support/open-pipe.ts";
import { leaveToKernel, leaveToKernelBy } from "./leave-to-kernel.ts";

/** What a descriptor of ours is open on; its number may be another's a moment later. */
function fileOf(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return "nothing";
  }
}

test("a file that is left to the kernel is closed here at once, and everywhere soon", async () => {
  const [read, write] = openPipe();
  const ended = Bun.file(read).stream().getReader().read();
  const file = fileOf(write);
  expect(file).toStartWith("pipe:");
  leaveToKernel(write);
  expect(fileOf(write)).not.toBe(file);
  // The reader hears of the end when nobody has the other end any more, and not before.
  expect((await ended).done).toBe(true);
});

test("who closes a file that is left to the kernel is not the one to end it", async () => {
  const [read, write] = openPipe(O_NONBLOCK);
  let endedByClose: boolean | undefined;
  leaveToKernelBy(write, () => {
    closeSync(write);
    endedByClose = isEnded(read);
  });
  expect(endedByClose).toBe(false);
  while (!isEnded(read)) await Bun.sleep(1);
  // The same close does end a file that was not left to anybody.
  const [otherRead, otherWrite] = openPipe(O_NONBLOCK);
  closeSync(otherWrite);
  expect(isEnded(otherRead)).toBe(true);
  for (const fd of [read, otherRead]) closeSync(fd);
});

test("nothing piles up: a thousand leave no descriptor behind", () => {
  const before = readdirSync("/proc/self/fd").length;
  for (let n = 0; n < 1000; n++) for (const end of openPipe()) leaveToKernel(end);
  expect(readdirSync("/proc/self/fd").length).toBeLessThanOrEqual(before);
});
