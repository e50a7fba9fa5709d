import { expect, test } from "bun:test";
import type { Report } from "../engine/report.ts";
import { endedSentences } from "./reply.ts";

const report = (names: readonly string[]) => ({ endedProcesses: names.map((name, at) => ({ pid: at + 1, name })) }) as unknown as Report;

test("a few processes that had to end are named one by one, many are counted by name", () => {
  expect(endedSentences(report([]))).toEqual([]);
  expect(endedSentences(report(["sh", "a\u001bb"]))).toEqual(["Ended 2 processes: sh (1), a\\u001bb (2)."]);
  expect(endedSentences(report([...Array<string>(1000).fill("sleep"), "sh", "sh"]))).toEqual(["Ended 1,002 processes: 1000 x sleep, 2 x sh."]);
  const others = Array.from({ length: 20 }, (_, at) => `p${at}`);
  expect(endedSentences(report(others))[0]).toEndWith("1 x p11, and others.");
});
