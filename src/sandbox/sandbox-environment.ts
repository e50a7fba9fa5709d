import { programDirectory, stateDirectory } from "./make-believe.ts";

/** Directories with administrators' programs, which an ordinary user's PATH often lacks. */
const ADMIN_DIRECTORIES = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** The environment inside: ours, with vpcctl's own directories, `vpcctl` in PATH, and without the proxies of a network that is not there. */
export function sandboxEnvironment(outside: Readonly<Record<string, string | undefined>> = process.env): Record<string, string> {
  const inside: Record<string, string> = {};
  for (const [name, value] of Object.entries(outside)) {
    if (value !== undefined && !/^(https?|ftp|all|no)_proxy$/i.test(name)) inside[name] = value;
  }
  const path = (outside["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(":");
  const missing = ADMIN_DIRECTORIES.filter((directory) => !path.includes(directory));
  inside["PATH"] = [programDirectory, ...path.filter((directory) => directory !== programDirectory), ...missing].join(":");
  inside["VPCCTL_STATE_DIR"] = stateDirectory;
  delete inside["VPCCTL_RUNTIME_DIR"];
  inside["VPCCTL_SANDBOX"] = "1";
  return inside;
}
