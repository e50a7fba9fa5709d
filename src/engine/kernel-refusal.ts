import { VpcctlError } from "../model/errors.ts";

/** A refusal by the kernel that no layer below could make sense of. Known by its name, because nothing here reaches the kernel. */
interface KernelRefusal extends Error {
  /** `EPERM` */
  readonly code: string;
}

export const isKernelRefusal = (error: unknown): error is KernelRefusal => error instanceof Error && error.name === "KernelError" && "code" in error;

/** The same for people: with what to do about it. */
export function sayKernelRefusal(error: KernelRefusal): VpcctlError {
  const forbidden = error.code === "EPERM" || error.code === "EACCES";
  const hint = hints[error.code] ?? "See what is in the way: vpcctl doctor";
  const code = forbidden ? "NotPermitted" : error.code === "ELIBACC" ? "MissingLibrary" : "ApplyFailed";
  return new VpcctlError({ code, message: `${error.message}.`, hint, cause: error });
}

const needsRights = "Run it with sudo, or in a sandbox: vpcctl sandbox";
const hints: Readonly<Record<string, string>> = {
  EPERM: needsRights,
  EACCES: needsRights,
  ELIBACC: "Install it: apt install nftables",
  ENOENT: "Something that should be there is gone, perhaps by a reboot. Run the command that made it again: it puts right what is missing.",
};
