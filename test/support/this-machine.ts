import type { Shell } from "./host-snapshot.ts";
import { describeResult } from "./command-result.ts";

/** The machine the tests run on, to look at only: tests show that they left it as it was. */
export const thisMachine: Shell = {
  async sh(command) {
    const child = Bun.spawn(["sh", "-c", command], { stdio: ["ignore", "pipe", "pipe"] });
    const [stdout, stderr, exitCode] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
    if (exitCode !== 0) throw new Error(describeResult({ command, exitCode, stdout, stderr }));
    return stdout;
  },
};
