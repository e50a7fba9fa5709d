import type { ApplyReport, StepFailure } from "../drivers/driver.ts";
import { VpcctlError } from "../model/errors.ts";
import type { ErrorCode } from "../model/errors.ts";

const kinds: Readonly<Record<NonNullable<StepFailure["reason"]>, { readonly code: ErrorCode; readonly hint: string }>> = {
  taken: { code: "HostConflict", hint: "Something of that name exists that is not vpcctl's. It stays untouched: choose another name, or remove it yourself." },
  gone: { code: "ApplyFailed", hint: "Something it builds on is gone. Run the command that made it again: it puts right what is missing." },
  "not-permitted": { code: "NotPermitted", hint: "Run it with sudo, or in a sandbox: vpcctl sandbox" },
  unsupported: { code: "UnsupportedKernel", hint: "See what this kernel lacks: vpcctl doctor" },
  "missing-library": { code: "MissingLibrary", hint: "Install it: apt install nftables" },
};

/** The error for steps that the machine refused: what failed, what became of the rest, and what that means. */
export function refusal(report: ApplyReport, consequence: string, undone?: ApplyReport): VpcctlError {
  const [first] = report.failures;
  if (first === undefined) throw new Error("a refusal needs a failure");
  const kind = first.reason === undefined ? undefined : kinds[first.reason];
  const leftOver = undone?.failures ?? [];
  const what = leftOver.length === 0 ? consequence : "Going back failed as well in part; the next command or `vpcctl cleanup` tries again.";
  return new VpcctlError({
    code: kind?.code ?? "ApplyFailed",
    message: `${first.error.message}. ${what}`,
    hint: kind?.hint ?? "See what is in the way: vpcctl doctor",
    details: [...report.failures, ...leftOver].map(({ step, error }) => `${step.action} ${step.subject}: ${error.message}`),
    cause: first.error,
  });
}
