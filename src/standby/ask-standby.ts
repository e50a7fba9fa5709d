// The caller's side. All commands that may be left to a standby process go through here before anything else is loaded, so it is short.
import { callLocal } from "../kernel/local-caller.ts";
import { encodeRequest, PATIENCE_MS } from "./messages.ts";
import { socketIn, standbyPlace } from "./place.ts";

/**
 * Leaves a command to the standby process, and returns its exit status. `none` when there is no such process, or none that takes it: then
 * nothing has been done. `lost` when the process ended before it had said what became of the command.
 */
export function askStandby(words: readonly string[]): number | "none" | "lost" {
  const answer = callLocal(socketIn(standbyPlace()), encodeRequest({ words }), PATIENCE_MS);
  return typeof answer === "string" ? answer : (answer[0] ?? 0);
}
