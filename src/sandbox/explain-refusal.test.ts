import { expect, test } from "bun:test";
import { VpcctlError } from "../model/errors.ts";
import { explainRefusal, requirePrograms } from "./explain-refusal.ts";

const settings = (values: Record<string, string>) => (path: string): string | undefined => values[path];

test("each setting that forbids user namespaces is named, with the command that changes it", () => {
  const refusals = { "user/max_user_namespaces": "0", "kernel/unprivileged_userns_clone": "0", "kernel/apparmor_restrict_unprivileged_userns": "1" };
  for (const [path, value] of Object.entries(refusals)) {
    const error = explainRefusal("unshare: unshare failed: Operation not permitted", settings({ [path]: value }));
    const setting = path.replace("/", ".");
    expect(error.message).toContain(setting);
    expect(error.hint).toContain(`sudo sysctl -w ${setting}=`);
    expect(error.details).toEqual(["unshare: unshare failed: Operation not permitted"]);
    expect(error.code).toBe("NotPermitted");
  }
});

test("settings that allow user namespaces are not blamed; then the complaint itself is the reason", () => {
  const allowing = settings({ "user/max_user_namespaces": "96365", "kernel/unprivileged_userns_clone": "1", "kernel/apparmor_restrict_unprivileged_userns": "0" });
  expect(explainRefusal("unshare: mount /proc failed: Operation not permitted", allowing).message).toContain("mount /proc failed");
  expect(explainRefusal("", allowing).message).toContain("ended before it was complete");
});

test("a missing program is named, with the package that has it", () => {
  const find = (program: string): string | null => (program === "setpriv" ? null : `/usr/bin/${program}`);
  expect(() => requirePrograms(find)).toThrow(new VpcctlError({ code: "MissingLibrary", message: "A sandbox needs the program setpriv, which is not in PATH.", hint: "" }));
  expect(() => requirePrograms((program) => `/usr/bin/${program}`)).not.toThrow();
});
