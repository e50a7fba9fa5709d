import { expect, test } from "bun:test";
import { join } from "node:path";

const program = `${process.execPath} ${join(import.meta.dir, "../../src/main.ts")}`;

function bash(script: string) {
  const { stdout, stderr } = Bun.spawnSync(["bash", "-c", script]);
  return { stdout: stdout.toString(), stderr: stderr.toString() };
}

test("a reader that goes away early is no error", () => {
  // By the time the program writes, the other end of its output has long been closed.
  expect(bash(`(sleep 0.2; exec ${program} --help) | true; echo "\${PIPESTATUS[0]}"`)).toEqual({ stdout: "0\n", stderr: "" });
});

test("a slow reader of a non-blocking pipe gets everything", () => {
  // Far more than the 64 KiB a pipe holds, so that writes are refused (EAGAIN) until the reader wakes up.
  const code = `import { openStream } from "${join(import.meta.dir, "../../src/cli/stream.ts")}"; openStream(1).write("x".repeat(1_000_000));`;
  const nonBlocking = "perl -MFcntl -e 'fcntl(STDOUT, F_SETFL, O_NONBLOCK); exec @ARGV'";
  expect(bash(`${nonBlocking} ${process.execPath} -e '${code}' | (sleep 0.2; wc -c)`)).toEqual({ stdout: "1000000\n", stderr: "" });
});

test("the exit status of a mistake reaches the shell", () => {
  expect(bash(`${program} frobnicate 2>/dev/null; echo $?`).stdout).toBe("2\n");
});
