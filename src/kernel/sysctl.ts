// Kernel settings of a namespace. What a path under /proc/sys/net means depends on the namespace of the thread that opens it.
// Keys are paths, `net/ipv4/conf/eth0/forwarding`: link names may contain dots, so the dotted form would be ambiguous.
import { EINVAL } from "./errno.ts";
import { readFileIfThere, writeFileSync } from "./files.ts";
import { asKernelError, KernelError } from "./errors.ts";
import { inNamespace } from "./namespaces.ts";

/** Value without the final newline; undefined when the kernel has no such setting, or a link has just taken it along. */
export function readSysctl(namespace: string, key: string): string | undefined {
  const file = path(namespace, key);
  return inNamespace(namespace, () => asKernelError(`read ${key}`, namespace, () => readFileIfThere(file, "utf8")?.trimEnd()));
}

/** Throws a KernelError when the kernel has no such setting (ENOENT) or refuses the value (EINVAL). */
export function writeSysctl(namespace: string, key: string, value: string | number): void {
  // r+: never create a file where a setting is missing.
  const write = (): void => writeFileSync(path(namespace, key), String(value), { flag: "r+" });
  inNamespace(namespace, () => asKernelError(`set ${key} to ${value}`, namespace, write));
}

/** A link may be called almost anything, so a key must not be able to climb out of /proc/sys. */
function path(namespace: string, key: string): string {
  const isPlain = key.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  if (!isPlain || key.includes("\0")) throw new KernelError(`use ${JSON.stringify(key)} as a setting`, namespace, EINVAL);
  return `/proc/sys/${key}`;
}
