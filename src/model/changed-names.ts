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

/**
 * As a rule both have the same names in the same order, but for one that came or went. So the two are walked over side by side, and a name
 * is looked up only where they differ.
 */
function compare(before: Named, after: Named): ChangedNames {
  const [old, now] = [Object.values(before), Object.values(after)];
  const [oldNames, names] = [Object.keys(before), Object.keys(after)];
  const changed: string[] = [];
  const gone: string[] = [];
  let at = 0;
  let oldAt = 0;
  for (;;) {
    while (at < now.length && now[at] === old[oldAt] && names[at] === oldNames[oldAt]) {
      at++;
      oldAt++;
    }
    const [name, oldName] = [names[at], oldNames[oldAt]];
    if (name === undefined && oldName === undefined) return { changed, gone };
    if (oldName !== undefined && !Object.hasOwn(after, oldName)) {
      gone.push(oldName);
      oldAt++;
    } else if (name !== undefined && (name === oldName || !Object.hasOwn(before, name))) {
      changed.push(name);
      at++;
      if (name === oldName) oldAt++;
    } else return compareByName(before, after);
  }
}

/** Where they are not in the same order. */
function compareByName(before: Named, after: Named): ChangedNames {
  const changed = Object.keys(after).filter((name) => !Object.hasOwn(before, name) || before[name] !== after[name]);
  return { changed, gone: Object.keys(before).filter((name) => !Object.hasOwn(after, name)) };
}
