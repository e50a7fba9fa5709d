/** Milliseconds; far above what the kernel ever takes, and only a test that fails waits for so long. */
const PATIENCE = 15_000;
const PAUSE = 5;

/**
 * Waits until `check` returns something true and returns that. Only for what the kernel does in its own time, after the call that caused
 * it has returned: the end of a namespace, a link's carrier. Throws, naming what did not happen.
 */
export async function eventually<T>(what: string, check: () => T | Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const result = await check();
    if (result) return result;
    if (performance.now() > deadline) throw new Error(`did not happen within ${PATIENCE} ms: ${what}`);
    await Bun.sleep(PAUSE);
  }
}
