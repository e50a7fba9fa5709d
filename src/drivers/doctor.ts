/** What one look at the machine found, for `vpcctl doctor`. */
export interface Finding {
  /** What was looked at, for example `kernel: veth pairs`. */
  readonly subject: string;
  /** `warn`: everything works, but the user should know. `fail`: commands that need it cannot work. */
  readonly status: "ok" | "warn" | "fail";
  /** What was seen. */
  readonly found: string;
  /** What vpcctl needs it for, or what it does about it. */
  readonly why: string;
  /** How to mend it; absent when there is nothing to mend. */
  readonly fix?: string;
}
