import type { Finding } from "../../doctor.ts";
import { examineLibrary, hostChecks } from "./host.ts";
import { examineRights, missingRights } from "./rights.ts";
import { tryKernel } from "./trials.ts";

/** Examines rights, kernel and host. Leaves the machine as it was. */
export function diagnose(): Finding[] {
  const privileged = missingRights() === undefined;
  const library = examineLibrary();
  const kernel: Finding[] = privileged
    ? tryKernel(library.status === "ok")
    : [
        {
          subject: "kernel features",
          status: "warn",
          found: "not tried, for want of rights",
          why: "Whether the kernel has them shows only when they are used.",
          fix: "sudo vpcctl doctor, or: vpcctl sandbox -- vpcctl doctor",
        },
      ];
  return [...examineRights(), library, ...kernel, ...hostChecks.flatMap((check) => check(privileged))];
}
