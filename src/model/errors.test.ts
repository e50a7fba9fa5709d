import { expect, test } from "bun:test";
import { errorCodes, exitStatus, refuseProblems, VpcctlError, type Problem } from "./errors.ts";

const name: Problem = { code: "InvalidParameterValue", message: "The name is wrong.", hint: "Use letters." };
const range: Problem = { code: "InvalidVpc.Range", message: "The range is wrong.", hint: "Use /16." };

function refusal(problems: readonly Problem[]): VpcctlError | undefined {
  try {
    refuseProblems(problems);
    return undefined;
  } catch (error) {
    return error as VpcctlError;
  }
}

test("no problem is no refusal, one is told as it is", () => {
  expect(refusal([])).toBeUndefined();
  expect(refusal([name])).toMatchObject(name);
  expect(refusal([name])?.details).toBeUndefined();
});

test("several problems are told together, under the code of the first", () => {
  const error = refusal([name, range]);
  expect(error).toBeInstanceOf(VpcctlError);
  expect(error).toMatchObject({ code: name.code, exitStatus: exitStatus.usage, details: [name.message, range.message] });
  expect(error?.message).toContain("2 problems");
  expect(error?.hint).toBe("Use letters.\nUse /16.");
  expect(error?.problems).toEqual([name, range]);
});

test("no code exits as if it were done or a bug, and each has a sentence", () => {
  for (const [code, { exit, meaning }] of Object.entries(errorCodes)) {
    expect([exitStatus.failed, exitStatus.usage, exitStatus.notFound, exitStatus.conflict, exitStatus.notPermitted], code).toContain(exit);
    expect(meaning, code).toMatch(/^[A-Z].*\.$/);
  }
});

test("codes that end in NotFound exit 3, and only they", () => {
  for (const [code, { exit }] of Object.entries(errorCodes)) expect(code.endsWith("NotFound"), code).toBe(exit === exitStatus.notFound);
});
