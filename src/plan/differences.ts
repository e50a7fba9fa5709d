// What the descriptions of every noun's changes are made of.
import type { Change } from "./change.ts";

type Pair<T> = readonly [T | undefined, T | undefined, name: string];

/** The parts that are not the same object in both records. */
export function* differing<T>(before: Readonly<Record<string, T>> = {}, after: Readonly<Record<string, T>> = {}): Generator<Pair<T>> {
  if (before === after) return;
  for (const name of Object.keys(after)) {
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    if (old !== after[name]) yield [old, after[name], name];
  }
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) yield [before[name], undefined, name];
}

/** The change from one description to another; `undefined` means that there is no such thing. */
export function* change(subject: string, before: string | undefined, after: string | undefined, remade = false): Generator<Change> {
  if (before === undefined && after !== undefined) yield { action: "create", subject, detail: after };
  else if (before !== undefined && after === undefined) yield { action: "delete", subject, detail: before };
  else if (before !== after) yield { action: "update", subject, detail: `${before} -> ${after}` };
  // Deleted and made again within one batch: the same to the user's eye, not to the machine.
  else if (remade) yield { action: "update", subject, detail: `${after}, made anew` };
}
