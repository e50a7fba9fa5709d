/** Something that was broken on purpose, until `heal`. */
export type Fault =
  /** No packet goes from one to the other, in either direction; without `b`, none between `a` and anything else. */
  | { readonly kind: "partition"; readonly a: FaultPlace; readonly b?: FaultPlace }
  /** The wire is pulled: the interface inside sees no carrier. */
  | { readonly kind: "link-down"; readonly a: FaultPlace };

/** A subnet with everything in it, or one instance. */
export type FaultPlace = { readonly subnet: string } | { readonly instance: string };

export const samePlace = (a: FaultPlace, b: FaultPlace): boolean =>
  "subnet" in a ? "subnet" in b && a.subnet === b.subnet : "instance" in b && a.instance === b.instance;

/** One or two. */
export const placesOf = (fault: Fault): readonly FaultPlace[] => (fault.kind === "partition" && fault.b !== undefined ? [fault.a, fault.b] : [fault.a]);

/** `subnet company-a/web`, `instance company-a/web1`. */
export const sayPlace = (vpc: string, place: FaultPlace): string => ("subnet" in place ? `subnet ${vpc}/${place.subnet}` : `instance ${vpc}/${place.instance}`);

/** What does not work, in words. */
export function sayFault(vpc: string, fault: Fault): string {
  if (fault.kind === "link-down") return `link of ${sayPlace(vpc, fault.a)} is down`;
  return `no packet between ${sayPlace(vpc, fault.a)} and ${fault.b === undefined ? "anything else" : sayPlace(vpc, fault.b)}`;
}

/** Is the wire of an attachment pulled: of the subnet with all that is in it, or of the instance alone? */
export const hasLinkDown = (faults: readonly Fault[], subnet: string, instance: string | undefined): boolean =>
  faults.some(({ kind, a }) => kind === "link-down" && ("subnet" in a ? a.subnet === subnet : a.instance === instance));
