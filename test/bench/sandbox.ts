// A fresh host for each measurement: own user, network, mount and process namespaces, an empty /run. What a contender leaves behind
// ends with it.
import { join } from "node:path";
import { searchPath } from "./programs.ts";

const entry = join(import.meta.dir, "run.ts");

const prepare = "mount -t tmpfs none /run && mkdir /run/netns && ip link set lo up && exec \"$@\"";

/** Runs one of run.ts's inside jobs in a sandbox and returns what it printed, parsed. Throws with its messages when it fails. */
export function inSandbox(job: string, ...words: readonly string[]): unknown {
  const unshare = ["unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const { exitCode, stdout, stderr } = Bun.spawnSync([...unshare, "sh", "-c", prepare, "sh", process.execPath, entry, job, ...words], {
    env: { ...process.env, PATH: searchPath, VPCCTL_STATE_DIR: "/run/state", VPCCTL_RUNTIME_DIR: "/run/vpcctl" },
    stderr: "pipe",
  });
  if (exitCode !== 0) throw new Error(`"${[job, ...words].join(" ")}" failed in its sandbox:\n${stderr.toString()}${stdout.toString()}`);
  return JSON.parse(stdout.toString());
}
