import { errnoCode, errnoOf, errnos } from "./errno.ts";
import { strerror } from "./libc.ts";

/** What the kernel refused, where, and in whose words. Made only in kernel/. */
export class KernelError extends Error {
  override readonly name = "KernelError";
  /** What was tried, to be read after "Cannot": `create link eth0`. */
  readonly operation: string;
  /** Name of the network namespace it was tried in; empty for the host's own. */
  readonly namespace: string;
  /** 0 when no errno is known, for example for an nftables syntax error. */
  readonly errno: number;
  /** `EEXIST`, or `EUNKNOWN` without an errno. */
  readonly code: string;
  /** The kernel's (or libnftables') explanation, when it gave one. */
  readonly extack?: string;

  /** Without a namespace the operation itself says where, and `namespace` is empty. */
  constructor(operation: string, namespace: string | undefined, errno: number, extack?: string) {
    super(sentence(operation, namespace, errno, extack));
    this.operation = operation;
    this.namespace = namespace ?? "";
    this.errno = errno;
    this.code = errnoCode(errno);
    if (extack !== undefined) this.extack = extack;
  }
}

function sentence(operation: string, namespace: string | undefined, errno: number, extack: string | undefined): string {
  const where = namespace === undefined ? "" : namespace === "" ? " on the host" : ` in namespace ${namespace}`;
  const words = errno === 0 ? [] : [`${strerror(errno)} (${errnoCode(errno)})`];
  if (extack !== undefined && extack !== "") words.push(extack);
  return `Cannot ${operation}${where}: ${words.join(": ")}`;
}

/** The errno whose words (`File exists`) occur in `text`; 0 when none does. For libraries that report text only. */
export function errnoInText(text: string): number {
  let found = 0;
  let first = text.length;
  let length = 0;
  for (const number of errnos()) {
    const words = strerror(number);
    const at = text.indexOf(words);
    // What is told first is the cause of what follows; of two at one place the longer one was meant.
    if (at >= 0 && (at < first || (at === first && words.length > length))) [found, first, length] = [number, at, words.length];
  }
  return found;
}

/** True for a KernelError with one of these codes: `isKernelError(error, "ENOENT", "ENODEV")`. */
export function isKernelError(error: unknown, ...codes: readonly string[]): error is KernelError {
  return error instanceof KernelError && (codes.length === 0 || codes.includes(error.code));
}

/** `ENOENT` for a file system call that failed so; undefined for any other error. */
export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && !(error instanceof KernelError) && "code" in error ? String(error.code) : undefined;
}

/** Runs file system calls; a failure of one becomes a KernelError with these words. */
export function asKernelError<T>(operation: string, namespace: string | undefined, call: () => T): T {
  try {
    return call();
  } catch (error) {
    const number = errnoOf(fileErrorCode(error) ?? "");
    throw number === undefined ? error : new KernelError(operation, namespace, number);
  }
}
