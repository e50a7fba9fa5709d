// Verbs share what they leave alone, so what a command changed is found by comparing references. Several parts of a command ask that of the
// same thousand instances; they are walked over once.

export interface ChangedNames {
  /** New, or not the very same as before; in the order of the later record. */
  readonly changed: readonly string[];
  /** In the earlier record only. */
  readonly gone: readonly string[];
}

type Named = Readonly<Record<string, object>>;

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
  return compareInPlace(before, after) ?? compareByName(before, after);
}

/** As a rule both have the same names in the same order, and the values tell at which places to look. `undefined` where it is not so. */
function compareInPlace(before: Named, after: Named): ChangedNames | undefined {
  const [old, now] = [Object.values(before), Object.values(after)];
  if (old.length !== now.length) return undefined;
  const places: number[] = [];
  for (let at = 0; at < now.length; at++) if (now[at] !== old[at]) places.push(at);
  if (places.length === 0) return nothing;
  const [oldNames, names] = [Object.keys(before), Object.keys(after)];
  if (places.some((at) => oldNames[at] !== names[at])) return undefined;
  return { changed: places.flatMap((at) => names[at] ?? []), gone: [] };
}

function compareByName(before: Named, after: Named): ChangedNames {
  const changed = Object.keys(after).filter((name) => !Object.hasOwn(before, name) || before[name] !== after[name]);
  return { changed, gone: Object.keys(before).filter((name) => !Object.hasOwn(after, name)) };
}
