// Kernel settings of a namespace. What a path under /proc/sys/net means depends on the namespace of the thread that opens it.
// Keys are paths, `net/ipv4/conf/eth0/forwarding`: link names may contain dots, so the dotted form would be ambiguous.
import { readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { KernelError } from "./errors.ts";
import { inNamespace } from "./namespaces.ts";

/** Value without the final newline; undefined when the kernel has no such setting. */
export function readSysctl(namespace: string, key: string): string | undefined {
  try {
    return inNamespace(namespace, () => readFileSync(path(namespace, key), "utf8")).replace(/\n$/, "");
  } catch (error) {
    if (isFileError(error) && error.code === "ENOENT") return undefined;
    throw asKernelError(error, `read ${key}`, namespace);
  }
}

/** Throws a KernelError when the kernel has no such setting (ENOENT) or refuses the value (EINVAL). */
export function writeSysctl(namespace: string, key: string, value: string | number): void {
  try {
    inNamespace(namespace, () => writeFileSync(path(namespace, key), String(value), { flag: "r+" }));
  } catch (error) {
    throw asKernelError(error, `set ${key} to ${value}`, namespace);
  }
}

/** A link may be called almost anything, so a key must not be able to climb out of /proc/sys. */
function path(namespace: string, key: string): string {
  const isPlain = key.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  if (!isPlain || key.includes("\0")) throw new KernelError(`use ${JSON.stringify(key)} as a setting`, namespace, constants.errno.EINVAL);
  return `/proc/sys/${key}`;
}

function isFileError(error: unknown): error is Error & { readonly code: string; readonly errno: number } {
  return error instanceof Error && !(error instanceof KernelError) && "code" in error && "errno" in error;
}

function asKernelError(error: unknown, operation: string, namespace: string): unknown {
  return isFileError(error) ? new KernelError(operation, namespace, Math.abs(error.errno)) : error;
}
