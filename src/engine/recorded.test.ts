import { expect, test } from "bun:test";
import { openStore } from "../store/store.ts";
import { record } from "./recorded.ts";

test("a log that cannot be written takes no answer away", () => {
  // No directory can be made below a device.
  const store = openStore("/dev/null/state");
  const entry = { command: "vpcctl test-connectivity a", result: "done", steps: 0, milliseconds: 1 } as const;
  expect(() => store.appendLog({ time: "2026-01-01T00:00:00.000Z", ...entry })).toThrow();
  record(store, entry);
});
