import { sayFault, sayPlace, type Fault } from "../model/fault.ts";
import type { Vpc } from "../model/world.ts";
import type { Change } from "./change.ts";
import { change } from "./differences.ts";

/** Which faults came and went. */
export function* faultChanges(vpc: string, before: Vpc | undefined, after: Vpc | undefined): Generator<Change> {
  if (before?.faults === after?.faults) return;
  const [old, now] = [before, after].map((each) => new Map(each?.faults?.map((fault) => [sayFault(vpc, fault), fault])));
  for (const [text, fault] of now ?? []) if (old?.has(text) !== true) yield* change(subjectOf(vpc, fault), undefined, text);
  for (const [text, fault] of old ?? []) if (now?.has(text) !== true) yield* change(subjectOf(vpc, fault), text, undefined);
}

const subjectOf = (vpc: string, { a }: Fault): string => `fault at ${sayPlace(vpc, a)}`;
