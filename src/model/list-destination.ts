// A route's destination is a block, or all blocks of a prefix list, which is named and not held: its blocks come and go.
const prefix = "prefix-list/";

/** As it is typed and saved: `prefix-list/offices`. */
export type ListDestination = `${typeof prefix}${string}`;

export const listDestination = (list: string): ListDestination => `${prefix}${list}`;

/** The name of the list; `undefined` for a block. */
export const listOf = (destination: string): string | undefined => (destination.startsWith(prefix) ? destination.slice(prefix.length) : undefined);
