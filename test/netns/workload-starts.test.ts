// A start and another command at the same time: the World's lock is held for the start, and for no longer.
import { expect, test } from "bun:test";
import { stateDirectory } from "../../src/sandbox/make-believe.ts";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { run } from "./workload-place.ts";

const lock = `${stateDirectory}/lock`;

async function build(host: FakeHost): Promise<void> {
  await host.sh("vpcctl create-vpc a 10.0.0.0/16 && vpcctl add-subnet a web 10.0.1.0/24 && vpcctl run-instance a web --name one");
}

for (const [how, start] of [
  ["in the background", "run-workload a web --detach --name w -- touch /run/started"],
  ["in the foreground", "run-workload a web -- touch /run/started"],
  ["in an instance", "exec a one -- touch /run/started"],
] as const) {
  sandboxTest(`a start ${how} waits for a command that changes something`, async (host) => {
    await build(host);
    // Either it says that it waits, or it ends: whichever comes first.
    const { stdout, stderr, exitCode } = await host.run(`
      exec 9>>${lock}; flock 9
      (vpcctl ${start} 9>&- 2>/run/said; echo $? >/run/ended) &
      until grep -qs waiting /run/said || test -s /run/ended; do sleep 0.01; done
      test -e /run/started && echo early
      flock -u 9; wait; until test -e /run/started; do sleep 0.01; done; cat /run/said`);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(stdout).not.toContain("early");
    expect(stdout).toContain("Another vpcctl command is at work");
  });
}

sandboxTest("a workload that runs holds no lock, wherever it runs", async (host) => {
  await build(host);
  const { stdout, stderr } = await host.run(`
    vpcctl run-workload a web --detach --name w -q -- sleep 1000 >/dev/null
    vpcctl run-workload a web -q -- sh -c 'echo $$ >/run/fore; exec sleep 1001' & vpcctl exec a one -q -- sh -c 'echo $$ >/run/inside; exec sleep 1002' &
    until test -s /run/fore && test -s /run/inside; do sleep 0.01; done
    flock -n ${lock} echo free
    vpcctl cleanup -q; wait`);
  expect({ stdout, stderr }).toEqual({ stdout: "free\n", stderr: "" });
});

sandboxTest("a workload starts also where the saved state cannot be written to", async (host) => {
  await build(host);
  const { stdout, stderr } = await host.run(`
    mount --bind ${stateDirectory} ${stateDirectory}; mount -o remount,bind,ro ${stateDirectory}; vpcctl run-workload a web -- echo runs; vpcctl exec a one -- echo too`);
  expect({ stdout, stderr }).toEqual({ stdout: "runs\ntoo\n", stderr: "" });
});

sandboxTest("the name of the program of an instance is refused for a workload, since who starts one would start the other", async (host) => {
  await build(host);
  const { exitCode, stderr } = await host.run("vpcctl run-workload a web --detach --name a/one -- sleep 1000");
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`"a/one" is not a workload name`);
});

test("a namespace that is just being deleted is said to be gone", () => {
  const { stderr, exitCode } = run("umount /run/netns/vpc.lab.one; program run true");
  expect({ stderr, exitCode }).toEqual({ stderr: "ApplyFailed: Cannot enter namespace vpc.lab.one: it has just been taken away.\n", exitCode: 4 });
});

test("a program whose first thread has ended is ended with its namespace", () => {
  const { stdout, stderr } = run(`
    cat >/run/leave.js <<'END'
      const { symbols } = require("bun:ffi").dlopen("libc.so.6", { syscall: { args: ["i64", "i64"], returns: "i64" } });
      const other = new Worker(URL.createObjectURL(new Blob(["postMessage(0); setInterval(() => {}, 1000)"])));
      other.onmessage = () => symbols.syscall(process.arch === "x64" ? 60 : 93, 0);
END
    ip netns exec vpc.lab.one ${process.execPath} /run/leave.js & pid=$!
    until_true grep -q 'State:.Z' /proc/$pid/status
    program end vpc.lab.one >/dev/null; wait; test -e /proc/$pid || echo gone`);
  expect({ stdout, stderr }).toEqual({ stdout: "gone\n", stderr: "" });
});
