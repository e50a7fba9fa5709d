import { isKernelError } from "../../../kernel/errors.ts";
import { writeSysctl } from "../../../kernel/sysctl.ts";

/** `optional`: a kernel or interface without the setting needs none. */
export function setSysctl(namespace: string, key: string, value: string, optional: boolean): void {
  try {
    writeSysctl(namespace, key, value);
  } catch (error) {
    if (!(optional && isKernelError(error, "ENOENT"))) throw error;
  }
}
