// Why a machine refuses a sandbox, in the user's terms: the kernel says only "Operation not permitted".
import { readFileSync } from "../kernel/files.ts";
import { VpcctlError, type Problem } from "../model/errors.ts";

/** A kernel setting, or undefined where it does not exist. */
type ReadSetting = (path: string) => string | undefined;

interface Obstacle {
  readonly setting: string;
  readonly refusing: string;
  readonly why: string;
  readonly hint: string;
}

/** In the order in which the kernel asks. The first that matches is told. */
const obstacles: readonly Obstacle[] = [
  {
    setting: "user/max_user_namespaces",
    refusing: "0",
    why: "the setting user.max_user_namespaces is 0, so nobody may make user namespaces",
    hint: "Allow them: sudo sysctl -w user.max_user_namespaces=65536. Or use vpcctl on the host itself, with sudo.",
  },
  {
    setting: "kernel/unprivileged_userns_clone",
    refusing: "0",
    why: "the setting kernel.unprivileged_userns_clone is 0, so only root may make user namespaces",
    hint: "Allow them: sudo sysctl -w kernel.unprivileged_userns_clone=1. Or run this with sudo.",
  },
  {
    setting: "kernel/apparmor_restrict_unprivileged_userns",
    refusing: "1",
    why: "AppArmor takes all rights from user namespaces that root did not make (kernel.apparmor_restrict_unprivileged_userns is 1, as Ubuntu sets it since 23.10)",
    hint: "Allow them: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0. Or run this with sudo.",
  },
];

/** Throws VpcctlError (MissingLibrary) when a program that makes sandboxes is not installed. */
export function requirePrograms(find: (program: string) => string | null = Bun.which): void {
  const missing = ["unshare", "setpriv", "sh"].filter((program) => find(program) === null);
  if (missing.length === 0) return;
  throw new VpcctlError({
    code: "MissingLibrary",
    message: `A sandbox needs the program ${missing.join(" and ")}, which is not in PATH.`,
    hint: "Install it: sudo apt-get install util-linux",
  });
}

/** @param complaint what `unshare` or the set-up said last; may be empty */
export function explainRefusal(complaint: string, read: ReadSetting = readSetting): VpcctlError {
  const obstacle = obstacles.find(({ setting, refusing }) => read(setting) === refusing);
  const problem: Problem =
    obstacle === undefined
      ? {
          code: "NotPermitted",
          message: `This machine refuses a sandbox: ${complaint === "" ? "it ended before it was complete" : complaint}.`,
          hint: "In a container, start it with more rights (docker run --privileged). See what is missing: vpcctl doctor",
        }
      : { code: "NotPermitted", message: `This machine refuses a sandbox: ${obstacle.why}.`, hint: obstacle.hint };
  return new VpcctlError(obstacle === undefined || complaint === "" ? problem : { ...problem, details: [complaint] });
}

function readSetting(path: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${path}`, "utf8").trim();
  } catch {
    return undefined;
  }
}
