import { expect } from "bun:test";
import { inSandbox } from "../../../kernel/in-sandbox.ts";
import { isOursOrGone, readMark, readNamespace } from "./namespace.ts";

inSandbox(import.meta.path, "a namespace that goes while it is looked at counts as none", async () => {
  // Another one stays: to make and remove /run/netns each time would take longer than all else.
  const churn = Bun.spawn(["sh", "-c", "ip netns add stays; for i in $(seq 15); do ip netns add vpc.a; ip netns delete vpc.a; done"]);
  const seen = new Set<unknown>();
  const answers = new Set<boolean>();
  while (churn.exitCode === null) {
    for (let i = 0; i < 100; i++) {
      seen.add(readMark("vpc.a")).add(readNamespace("vpc.a"));
      answers.add(isOursOrGone("vpc.a"));
    }
    await Bun.sleep(0);
  }
  // It bears no mark, so when it is there it is somebody else's.
  expect([seen, answers]).toEqual([new Set([undefined]), new Set([true, false])]);
});
