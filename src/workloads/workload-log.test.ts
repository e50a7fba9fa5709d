import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { ownRuntimeDirectory } from "../../test/support/runtime-directory.ts";
import { readProcess } from "./processes.ts";
import { workloadFiles } from "./records.ts";
import type { WorkloadRecord } from "./workload.ts";
import { workloadLog } from "./workload-log.ts";

/** A workload that runs for as long as it has no status: its supervisor is this process. */
function pretendWorkload(name: string): ReturnType<typeof workloadFiles> {
  ownRuntimeDirectory();
  const started = readProcess(process.pid)?.started ?? "";
  const place = { vpc: "lab", subnet: "one", namespace: "vpc.lab.one" };
  const keeper = { pid: process.pid, started: "of another" };
  const record: WorkloadRecord = { name, ...place, command: { argv: ["true"] }, restart: "never", id: "0", pid: process.pid, started, startedAt: "", keeper };
  const files = workloadFiles(name);
  mkdirSync(files.directory, { recursive: true });
  writeFileSync(files.record, JSON.stringify(record));
  return files;
}

test("who begins to follow a log between the old one and the new one waits for the new one", async () => {
  const { log, olderLog, status } = pretendWorkload("web");
  writeFileSync(olderLog, "before ");
  let text = "";
  for await (const piece of workloadLog("web", { follow: true })) {
    text += Buffer.from(piece).toString();
    // Its keeper gets to it only now.
    if (text === "before ") setTimeout(() => writeFileSync(log, "after"), 60);
    if (text === "before after") writeFileSync(status, "0\n");
  }
  expect(text).toBe("before after");
});

test("following the log of a workload that has ended without one ends", async () => {
  const { status } = pretendWorkload("web");
  writeFileSync(status, "0\n");
  for await (const piece of workloadLog("web", { follow: true })) expect(piece).toBeUndefined();
});
