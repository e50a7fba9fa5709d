/** Something that was broken on purpose, until `heal`. */
export type Fault =
  /** No packet goes from one to the other, in either direction; without `b`, none between `a` and anything else. */
  | { readonly kind: "partition"; readonly a: FaultPlace; readonly b?: FaultPlace }
  /** The wire is pulled: the interface inside sees no carrier. */
  | { readonly kind: "link-down"; readonly a: FaultPlace };

/** A subnet with everything in it, or one instance. */
export type FaultPlace = { readonly subnet: string } | { readonly instance: string };

/** Is the wire of an attachment pulled: of the subnet with all that is in it, or of the instance alone? */
export const hasLinkDown = (faults: readonly Fault[], subnet: string, instance: string | undefined): boolean =>
  faults.some(({ kind, a }) => kind === "link-down" && ("subnet" in a ? a.subnet === subnet : a.instance === instance));
