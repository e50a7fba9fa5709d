/** Something that was broken on purpose, until `heal`. */
export type Fault =
  /** No packet goes from one to the other, in either direction; without `b`, none between `a` and anything else. */
  | { readonly kind: "partition"; readonly a: FaultPlace; readonly b?: FaultPlace }
  /** The wire is pulled: the interface inside sees no carrier. */
  | { readonly kind: "link-down"; readonly a: FaultPlace };

/** A subnet with everything in it, or one instance. */
export type FaultPlace = { readonly subnet: string } | { readonly instance: string };
