import { removeIfThere } from "../kernel/files.ts";
import { sendLocal } from "../kernel/local-listener.ts";
import { signalProcess } from "../workloads/processes.ts";
import { tidyDirectories } from "../workloads/records.ts";
import { VpcctlError } from "../model/errors.ts";
import { awaitEnd, findStandby, type FoundStandby } from "./find-standby.ts";
import { encodeRequest } from "./messages.ts";
import { standbyPath } from "./place.ts";

/** Milliseconds for the command that it is at. It may never end: when nobody reads what it prints, for one. */
const PATIENCE_MS = 30_000;
/** Milliseconds for the end of a process that was told to end. */
const GRACE_MS = 1_000;

/**
 * Ends the standby process, after the command that it is at, and returns its number; undefined when there was none. One that has not
 * finished after half a minute is ended all the same, which is to that command what a kill is to any: the next one puts right what it left.
 * `onWait` is told when it takes more than a blink.
 */
export function stopStandby(onWait: () => void): number | undefined {
  let found = findStandby();
  if (found?.isReady === false) {
    found[Symbol.dispose]();
    onWait();
    found = findStandby(PATIENCE_MS);
  }
  if (found !== undefined) end(found);
  removeIfThere(standbyPath());
  tidyDirectories(false);
  return found?.pid;
}

function end(found: FoundStandby): void {
  using standby = found;
  const { pid, fd, isReady } = standby;
  // Never: kill(2) takes 0 for our own process group.
  if (pid <= 0) throw isElsewhere();
  if (isReady && sendLocal(fd, encodeRequest({ stop: true })) && awaitEnd(pid, GRACE_MS)) return;
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    signalProcess(pid, signal);
    if (awaitEnd(pid, GRACE_MS)) return;
  }
}

const isElsewhere = (): VpcctlError =>
  new VpcctlError({
    code: "NotPermitted",
    message: "The standby process is in another process namespace.",
    hint: "Stop it from where it was started: vpcctl stop-standby",
  });
