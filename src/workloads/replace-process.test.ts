import { expect, test } from "bun:test";
import { candidates } from "./replace-process.ts";

test("a command's name is looked for in each part of the path, an empty part being the current directory", () => {
  expect(candidates("ls", "/bin::/usr/bin")).toEqual(["/bin/ls", "./ls", "/usr/bin/ls"]);
});

test("a command with a slash is a path", () => {
  expect(candidates("./ls", "/bin")).toEqual(["./ls"]);
});

test("an empty name is no command, as for execvp", () => {
  expect(candidates("", "/bin")).toEqual([]);
});
