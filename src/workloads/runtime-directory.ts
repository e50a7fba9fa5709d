/** Where the files of running programs are; it goes with a boot. */
export function runtimeDirectory(): string {
  const named = process.env["VPCCTL_RUNTIME_DIR"];
  // Empty is as good as unset: it must not come to mean the current directory.
  return named === undefined || named === "" ? "/run/vpcctl" : named;
}
