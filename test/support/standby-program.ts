// A program for one purpose: a standby process whose commands say what they find around them, and its callers.
//
//   serve IDLE    stands by; prints its pid when it is heard
//   ask WORD...   leaves a command to it; prints what became of it
//
// The commands: `look STATUS` answers with its surroundings and a status, `die` kills the process in the middle, `wait MS` takes its time.
import { readFileSync, writeSync } from "node:fs";
import { askStandby } from "../../src/standby/ask-standby.ts";
import { standbyPath } from "../../src/standby/place.ts";
import { serveStandby } from "../../src/standby/serve-standby.ts";

/** What `look` finds. */
export interface Found {
  readonly words: readonly string[];
  readonly directory: string;
  readonly umask: string;
  readonly input: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

async function carryOut(words: readonly string[]): Promise<number> {
  const [what, number = "0"] = words;
  if (what === "die") process.kill(process.pid, "SIGKILL");
  if (what === "wait") await Bun.sleep(Number(number));
  if (what === "look") look(words);
  return Number(number) % 256;
}

function look(words: readonly string[]): void {
  const umask = /^Umask:\s*(\d+)$/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1] ?? "";
  // Through /proc, for the runtime remembers where it was started.
  const directory = readFileSync("/proc/self/cwd/name", "utf8");
  const found: Found = { words, directory, umask, input: readFileSync(0, "utf8"), environment: { ...process.env } };
  writeSync(1, JSON.stringify(found));
  writeSync(2, "said aside");
}

const [verb, ...words] = process.argv.slice(2);
if (verb === "serve") await serveStandby({ path: standbyPath(), idle: Number(words[0]), carryOut, listening: () => writeSync(1, `${process.pid}\n`) });
if (verb === "ask") {
  const outcome = askStandby(words);
  if (typeof outcome === "number") process.exitCode = outcome;
  else writeSync(1, outcome);
}
