// A program for one purpose: a standby process whose commands say what they find around them, and its callers.
//
//   serve IDLE    stands by; prints its pid when it is heard
//   ask WORD...   leaves a command to it; prints what became of it
//   lend WORD...  calls it, and lets another process speak
//   borrow WORD...  that other; prints what became of it
//   babble        says to it what is no request
//
// The commands: `look STATUS` answers with its surroundings and a status, `die` kills the process in the middle, `wait MS` takes its time.
import { readFileSync, writeSync } from "node:fs";
import { callerCalls } from "../../src/kernel/libc.ts";
import { HEAD, localSocket } from "../../src/kernel/local-caller.ts";
import { rightsMessage } from "../../src/kernel/rights-message.ts";
import { askStandby } from "../../src/standby/ask-standby.ts";
import { makeAndHoldPlace } from "../../src/standby/hold-place.ts";
import { socketIn, standbyPlace } from "../../src/standby/place.ts";
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

/** The first after the three streams. */
const LENT = 3;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
/** Bytes; the kernel takes it twice. */
const ROOM = 200_000;

const [verb, ...words] = process.argv.slice(2);
if (verb === "serve") {
  makeAndHoldPlace(standbyPlace())[Symbol.dispose]();
  await serveStandby({ place: standbyPlace(), idle: Number(words[0]), carryOut, listening: () => writeSync(1, `${process.pid}\n`) });
}
if (verb === "ask") {
  const outcome = askStandby(words);
  if (typeof outcome === "number") process.exitCode = outcome;
  else writeSync(1, outcome);
}
if (verb === "lend") {
  const child = Bun.spawn([process.execPath, import.meta.path, "borrow", ...words], { stdio: ["inherit", "inherit", "inherit", connect()] });
  process.exitCode = await child.exited;
}
if (verb === "borrow") writeSync(1, say(LENT, new TextEncoder().encode(JSON.stringify({ words }))));
if (verb === "babble") {
  const texts = ["", "no JSON", "null", '{"words":"look"}', '{"words":[1]}', " ".repeat(300 * 1024)];
  for (const text of texts) writeSync(1, `${say(connect(), new TextEncoder().encode(text))}\n`);
}

function connect(): number {
  const { fd = -1, address = new Uint8Array() } = localSocket(socketIn(standbyPlace()), 1000) ?? {};
  if (callerCalls().connect(fd, address, address.length) !== 0) throw new Error("nobody listens");
  return fd;
}

/** What a call comes to that is as it should be but for these bytes, and for who speaks: `none`, or `taken`. */
function say(fd: number, payload: Uint8Array): string {
  const { eventfd, sendmsg, recv, setsockopt } = callerCalls();
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, Int32Array.of(ROOM), 4);
  const token = eventfd(1, 0);
  const bytes = new Uint8Array(HEAD + payload.length);
  bytes.set([token & 0xff, token >> 8]);
  bytes.set(payload, HEAD);
  if (sendmsg(fd, rightsMessage(bytes, [token]).message, 0) !== bytes.length) throw new Error("it could not be said");
  return recv(fd, new Uint8Array(8), 8, 0) > 0 ? "taken" : "none";
}
