// The caller's side. All commands that may be left to a standby process go through here before anything else is loaded, so it is short.
import { callLocal, receiveLocal, sendWithFiles, waitAtMost } from "../kernel/local-caller.ts";
import { DONE, encodeRequest, NO, PATIENCE_MS, READY, STREAMS } from "./messages.ts";
import { standbyPath } from "./place.ts";

/** What has become of a command: `lost` when the standby process ended before it had said. */
export type Outcome = { readonly status: number } | "lost";

/** Leaves a command to the standby process. Undefined when there is none, or none that takes it: then nothing has been done. */
export function askStandby(words: readonly string[]): Outcome | undefined {
  const fd = callLocal(standbyPath());
  if (fd === undefined) return undefined;
  waitAtMost(fd, PATIENCE_MS);
  // Put together while the other end looks at who we are.
  const request = encodeRequest({ words, environment: process.env });
  const room = new Uint8Array(2);
  if (receiveLocal(fd, room)?.[0] !== READY) return undefined;
  waitAtMost(fd, 0);
  if (!sendWithFiles(fd, request, STREAMS)) return undefined;
  const answer = receiveLocal(fd, room);
  if (answer?.[0] === NO) return undefined;
  return answer?.[0] === DONE ? { status: answer[1] ?? 0 } : "lost";
}
