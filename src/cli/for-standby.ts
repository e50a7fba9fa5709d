import { isVerb } from "../operations/verb-areas.ts";

/** Said by who wants it to end. */
export const waitsForStandby = "The standby process is at a command; waiting for that to end ...";

/**
 * They start programs, and would only be handed back; or they read a file, which may be a pipe or a terminal. Who is interrupted must not leave
 * somebody behind who goes on reading that, and /dev/fd/63 is another file in each process.
 */
const notLeft = ["start-instance", "enable-dns", "apply-policy"];

/**
 * May a standby process carry this out? Changes only: they wait for each other anyway, so nothing waits that did not before. And none that
 * starts a program, as do the words after `--`.
 */
export function isForStandby(words: readonly string[]): boolean {
  if (words.includes("--")) return false;
  // A loop, because `find` costs a process that uses it for the first time a tenth of a millisecond, and everything comes through here.
  for (const word of words) if (!word.startsWith("-")) return isVerb(word) && !notLeft.includes(word);
  return false;
}
