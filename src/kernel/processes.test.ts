import { expect } from "bun:test";
import { inSandbox } from "./in-sandbox.ts";
import { createNamespace, inNamespace, namespaceInode } from "./namespaces.ts";
import { processesIn } from "./processes.ts";

inSandbox(import.meta.path, "processes are found by the namespace they are in", async () => {
  createNamespace("a");
  const inode = namespaceInode("a") ?? 0;
  expect(processesIn(new Set([inode]))).toEqual([]);
  const child = inNamespace("a", () => Bun.spawn(["sleep", "60"]));
  expect(processesIn(new Set([inode])).map(({ name, namespace }) => ({ name, namespace }))).toEqual([{ name: "sleep", namespace: inode }]);
  expect(processesIn(new Set())).toEqual([]);
  child.kill("SIGKILL");
  await child.exited;
  expect(processesIn(new Set([inode]))).toEqual([]);
});
