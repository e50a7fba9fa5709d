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

/** The error for steps that the machine refused: what failed, and what that means. */
export function refusal({ failures }: ApplyReport, consequence = ""): VpcctlError {
  const [first] = failures;
  if (first === undefined) throw new Error("a refusal needs a failure");
  const kind = first.reason === undefined ? undefined : kinds[first.reason];
  return new VpcctlError({
    code: kind?.code ?? "ApplyFailed",
    message: `${first.error.message}. ${consequence}`.trimEnd(),
    hint: kind?.hint ?? "See what is in the way: vpcctl doctor",
    details: failures.map(detail),
    cause: first.error,
  });
}

/** The same error, which also says what became of everything else, and what could not be undone. */
export function withConsequence(error: VpcctlError, consequence: string, leftOver: readonly StepFailure[]): VpcctlError {
  const { code, message, hint, details = [] } = error;
  const all = [...details, ...leftOver.map(detail)];
  return new VpcctlError({ code, message: `${message} ${consequence}`, hint, cause: error.cause ?? error, ...(all.length === 0 ? {} : { details: all }) });
}

const detail = ({ step, error }: StepFailure): string => `${step.action} ${step.subject}: ${error.message}`;

/** What somebody else has in its place cannot be mended by us, however often we try; all other failures are ours to mend. */
export const isOurs = ({ reason }: StepFailure): boolean => reason !== "taken";
