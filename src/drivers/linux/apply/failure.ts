// What the kernel says when it refuses, and what that means for a step.
import { isKernelError, KernelError } from "../../../kernel/errors.ts";
import type { StepFailure } from "../../driver.ts";
import type { LinuxStep } from "../step.ts";

/** What is to be deleted and is not there is as it should be. */
export const isGone = (error: Error): boolean => isKernelError(error, "ENOENT", "ENODEV", "ESRCH", "EADDRNOTAVAIL");

export function reasonOf({ action, object }: LinuxStep, error: Error): Pick<StepFailure, "reason" | "mayPass"> {
  // The name of a namespace is free as soon as it is deleted. What was in it, one end of a pair elsewhere, goes some time later.
  if (action === "add" && isKernelError(error, "EEXIST")) return { reason: "taken", mayPass: object.kind !== "namespace" };
  if (isKernelError(error, "ENODEV", "ENOENT", "ESRCH")) return { reason: "gone", mayPass: true };
  if (isKernelError(error, "ELIBACC")) return { reason: "missing-library" };
  if (isKernelError(error, "EPERM", "EACCES")) return { reason: "not-permitted" };
  return isKernelError(error, "EOPNOTSUPP", "ENOTSUPP", "EPROTONOSUPPORT", "EAFNOSUPPORT") ? { reason: "unsupported" } : {};
}

/** Only the kernel's refusals are results; anything else is a bug and must not be swallowed. */
export function failureOf(act: () => void): Error | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof KernelError) return error;
    throw error;
  }
}
