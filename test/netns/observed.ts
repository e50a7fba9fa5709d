import { join } from "node:path";
import type { FakeHost } from "../support/fake-host.ts";

/** All that the driver sees of ours on a host: `kind place name: state`, one object per line, in order. */
export async function observed(host: FakeHost): Promise<string[]> {
  return (await host.sh([process.execPath, join(import.meta.dir, "observe-program.ts")])).split("\n").slice(0, -1);
}
