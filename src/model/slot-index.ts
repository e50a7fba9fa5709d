// Answers "which place among the attachments of a VPC is free?" Subnets and instances share one counter, so that an attachment has one
// place whatever it is.
//
// A batch adds a thousand of them one after the other and must not look at all for each. So the places of a record, in order, hang on it
// from outside, and an operation that adds one hands them on (`recordSlot`). The World stays plain data.
import { lowest } from "./binary-search.ts";
import type { Vpc } from "./world.ts";

type Slotted = Readonly<Record<string, { readonly slot: number }>>;

const indexes = new WeakMap<Slotted, readonly number[]>();
const none: readonly number[] = [];

/** The smallest slot that no subnet and no instance has. */
export function freeSlot({ subnets, instances }: Pick<Vpc, "subnets" | "instances">): number {
  const ofSubnets = slotsOf(subnets);
  const ofInstances = instances === undefined ? none : slotsOf(instances);
  // No slot is given twice: as long as all up to n are taken, that many are at most n.
  return lowest(ofSubnets.length + ofInstances.length, (n) => countUpTo(ofSubnets, n) + countUpTo(ofInstances, n) <= n);
}

/** Says that `after` is `before` with one more, which has this slot. */
export function recordSlot(before: Slotted | undefined, after: Slotted, slot: number): void {
  const slots = before === undefined ? none : indexes.get(before);
  if (slots !== undefined) indexes.set(after, slots.toSpliced(countUpTo(slots, slot), 0, slot));
}

/** In ascending order. */
function slotsOf(record: Slotted): readonly number[] {
  const known = indexes.get(record);
  if (known !== undefined) return known;
  const slots: number[] = [];
  for (const name in record) slots.push(record[name]?.slot ?? 0);
  slots.sort((a, b) => a - b);
  indexes.set(record, slots);
  return slots;
}

/** How many are not above n. */
const countUpTo = (slots: readonly number[], n: number): number => lowest(slots.length, (at) => (slots[at] ?? 0) > n);
