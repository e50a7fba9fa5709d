import { expect, test } from "bun:test";
import { stateText } from "./workload-state.ts";

test("a program that is about to be started again shows how it ended", () => {
  const waiting = (status: number): string => stateText({ kind: "waiting", restarts: 2, status });
  expect(waiting(3)).toBe("waiting to restart (exited 3, restarted 2 x)");
  expect(waiting(139)).toBe("waiting to restart (killed by SIGSEGV, restarted 2 x)");
  expect(waiting(255)).toBe("waiting to restart (exited 255, restarted 2 x)");
});
