// What the descriptions of every noun's changes are made of.
import { changedNames } from "../model/changed-names.ts";
import type { Change } from "./change.ts";

type Pair<T> = readonly [T | undefined, T | undefined, name: string];

/** The parts that are not the same object in both records. */
export function differing<T extends object>(before: Readonly<Record<string, T>> = {}, after: Readonly<Record<string, T>> = {}): readonly Pair<T>[] {
  const { changed, gone } = changedNames(before, after);
  return [
    ...changed.map((name): Pair<T> => [Object.hasOwn(before, name) ? before[name] : undefined, after[name], name]),
    ...gone.map((name): Pair<T> => [before[name], undefined, name]),
  ];
}

/** The change from one description to another; `undefined` means that there is no such thing. */
export function* change(subject: string, before: string | undefined, after: string | undefined, remade = false): Generator<Change> {
  if (before === undefined && after !== undefined) yield { action: "create", subject, detail: after };
  else if (before !== undefined && after === undefined) yield { action: "delete", subject, detail: before };
  else if (before !== after) yield { action: "update", subject, detail: `${before} -> ${after}` };
  // Deleted and made again within one batch: the same to the user's eye, not to the machine.
  else if (remade) yield { action: "update", subject, detail: `${after}, made anew` };
}
