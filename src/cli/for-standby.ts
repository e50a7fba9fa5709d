import { isVerb } from "../operations/verb-areas.ts";

/** Said by who wants it to end. */
export const waitsForStandby = "The standby process is at a command; waiting for that to end ...";

/** They start programs, and would only be handed back. */
const startPrograms = ["start-instance", "enable-dns"];

/** A program to start, and a terminal to read: who is interrupted must not leave somebody behind who goes on reading it. */
const notLeft = ["--", "-", "/dev/stdin"];

/**
 * May a standby process carry this out? Changes only: they wait for each other anyway, so nothing waits that did not before. And none that
 * starts a program, as do the words after `--`.
 */
export function isForStandby(words: readonly string[]): boolean {
  // Loops, because `find` costs a process that uses it for the first time a tenth of a millisecond, and everything comes through here.
  for (const word of notLeft) if (words.includes(word)) return false;
  for (const word of words) if (!word.startsWith("-")) return isVerb(word) && !startPrograms.includes(word);
  return false;
}
