import { afterEach, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { eventually } from "../../test/support/eventually.ts";
import { endProcesses, isAlive, type Process, readProcess } from "./processes.ts";

const started: Bun.Subprocess[] = [];
afterEach(() => started.splice(0).forEach((child) => child.kill("SIGKILL")));

/** A process that runs the same program as this one. */
function start(script: string): Bun.Subprocess {
  const child = Bun.spawn([process.execPath, "-e", script], { stdio: ["ignore", "ignore", "ignore"] });
  started.push(child);
  return child;
}

function found(pid: number): Process {
  const one = readProcess(pid);
  if (one === undefined) throw new Error(`there is no process ${pid}`);
  return one;
}

const isVisitor = () => true;

const isZombie = (pid: number): boolean => /^State:\sZ/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));

test("a visitor who has left by the next look is not ended, and neither is anybody told that it was", () => {
  const { pid } = start("setInterval(() => {}, 1000)");
  const looks = [[found(pid)], []];
  expect(endProcesses(() => looks.shift() ?? [], 500, isVisitor)).toEqual([]);
  expect(readProcess(pid)).toBeDefined();
});

test("a visitor who stays is ended like anybody else", () => {
  const { pid } = start("setInterval(() => {}, 1000)");
  const { started: since } = found(pid);
  expect(endProcesses(() => (isAlive(pid, since) ? [found(pid)] : []), 500, isVisitor)).toMatchObject([{ pid }]);
  expect(isAlive(pid, since)).toBe(false);
});

test("who is no visitor is asked to end at the first look", () => {
  const { pid } = start("setInterval(() => {}, 1000)");
  const looks = [[found(pid)], []];
  expect(endProcesses(() => looks.shift() ?? [], 500)).toMatchObject([{ pid }]);
});

test("a process whose first thread has ended lives for as long as others of its threads do, and can be ended", async () => {
  // exit(2), and not exit_group(2): ends the calling thread alone.
  const number = { x64: 60, arm64: 93 }[process.arch as string];
  const { pid, exited } = start(`
    const { symbols } = require("bun:ffi").dlopen("libc.so.6", { syscall: { args: ["i64", "i64"], returns: "i64" } });
    const other = new Worker(URL.createObjectURL(new Blob(["postMessage(0); setInterval(() => {}, 1000)"])));
    other.onmessage = () => symbols.syscall(${number}, 0);`);
  await eventually("its first thread has ended", () => isZombie(pid));
  const { started: since } = found(pid);
  expect(isAlive(pid, since)).toBe(true);
  expect(endProcesses(() => (isAlive(pid, since) ? [found(pid)] : []), 0)).toMatchObject([{ pid }]);
  await exited;
  expect(existsSync(`/proc/${pid}`)).toBe(false);
});

test("a process that has ended and that nobody has asked how is none", async () => {
  // The shell becomes a program that never asks; before that the child does not end.
  const child = Bun.spawn(["sh", "-c", "sh -c 'until grep -qx sleep /proc/$PPID/comm; do :; done' & echo $!; exec sleep 1000"], { stdio: ["ignore", "pipe", "ignore"] });
  started.push(child);
  const { value } = await child.stdout.getReader().read();
  const pid = Number(new TextDecoder().decode(value));
  await eventually("it has ended", () => isZombie(pid));
  expect(readProcess(pid)).toBeUndefined();
});
