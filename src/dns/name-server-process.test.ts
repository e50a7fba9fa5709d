import { expect, onTestFinished, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readProcess } from "../workloads/processes.ts";
import { end } from "./name-server-process.ts";

test("a server that has removed its file and goes on for a while is waited for", async () => {
  const directory = mkdtempSync(join(tmpdir(), "vpcctl-server-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const [settings, pidFile] = [join(directory, "inside.conf"), join(directory, "inside.pid")];
  // As dnsmasq does: it writes to the system's log in between, and that may be slow.
  const script = `trap 'rm ${pidFile}; sleep 0.2; exit' TERM; echo $$ >${pidFile}.new; mv ${pidFile}.new ${pidFile}; while :; do sleep 0.01; done`;
  const { pid } = Bun.spawn(["sh", "-c", script, "sh", `--conf-file=${settings}`], { stdio: ["ignore", "ignore", "ignore"] });
  while (!existsSync(pidFile)) await Bun.sleep(1);
  end(settings, pidFile);
  expect(readProcess(pid)).toBeUndefined();
});
