// Verbs share what they leave alone, so what a command changed is found by comparing references. Several parts of a command ask that of the
// same thousand instances; they are walked over once.

export interface ChangedNames {
  /** New, or not the very same as before; in the order of the later record. */
  readonly changed: readonly string[];
  /** In the earlier record only. */
  readonly gone: readonly string[];
}

type Named = Readonly<Record<string, unknown>>;

const nothing: ChangedNames = { changed: [], gone: [] };
const none: Named = {};
const known = new WeakMap<Named, { readonly before: Named; readonly names: ChangedNames }>();

/** What differs between two records, by name. */
export function changedNames(before: Named = none, after: Named = none): ChangedNames {
  if (before === after) return nothing;
  const found = known.get(after);
  if (found !== undefined && found.before === before) return found.names;
  const names = compare(before, after);
  known.set(after, { before, names });
  return names;
}

function compare(before: Named, after: Named): ChangedNames {
  const changed: string[] = [];
  let count = 0;
  let added = 0;
  for (const name in after) {
    count++;
    if (after[name] === before[name]) continue;
    changed.push(name);
    if (!Object.hasOwn(before, name)) added++;
  }
  const earlier = Object.keys(before);
  // As a rule nothing is gone, and the counts say so.
  const gone = earlier.length === count - added ? [] : earlier.filter((name) => !Object.hasOwn(after, name));
  return { changed, gone };
}
