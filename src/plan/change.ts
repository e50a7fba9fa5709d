/** One change to what the user means, in the user's words. */
export interface Change {
  readonly action: "create" | "update" | "delete";
  /** For example `subnet company-a/public-web`. */
  readonly subject: string;
  /** For example `10.0.1.0/24`, or `route table main -> public`. */
  readonly detail: string;
}
