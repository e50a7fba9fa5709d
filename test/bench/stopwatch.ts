/** Runs a program to its end and returns the milliseconds from before its start to after its end. Throws when it fails. */
export function timeProgram(words: readonly string[]): number {
  const start = performance.now();
  const { exitCode, stdout, stderr } = Bun.spawnSync([...words], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const milliseconds = performance.now() - start;
  if (exitCode !== 0) throw new Error(`"${words.join(" ")}" ended with ${exitCode}:\n${stderr.toString()}${stdout.toString()}`);
  return milliseconds;
}

/** Milliseconds of a synchronous call. */
export function timeCall(call: () => unknown): number {
  const start = performance.now();
  call();
  return performance.now() - start;
}
