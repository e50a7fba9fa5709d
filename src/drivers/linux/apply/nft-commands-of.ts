// Steps -> one nftables transaction. Elements that are added (or deleted) one after the other become one command for each set: within a
// transaction their order says nothing, and a command for each would take far longer to read and be far longer on the way to the kernel.
import type { NftChainObject, NftElementObject, NftSetObject, NftTableObject, SpecObject } from "../objects/object.ts";
import { addChain, addSet, addTable, changeChain, deleteChain, deleteSet, deleteTable, elements } from "../script/nft-commands.ts";

export type NftObject = NftTableObject | NftSetObject | NftChainObject | NftElementObject;
export interface NftStep {
  readonly action: "add" | "change" | "delete";
  readonly object: NftObject;
  /** How it was, for a change. */
  readonly previous?: SpecObject | undefined;
}

/**
 * A transaction travels in one message, which may be as long as a socket's send buffer: 212,992 bytes where nobody may raise it (a
 * container's root, a sandbox).
 */
const mostBytes = 200_000;

/** Steps in as few parts as the kernel takes, each for one transaction. */
export function* inTransactions<T extends { readonly object: SpecObject }>(steps: readonly T[]): Generator<readonly T[]> {
  let start = 0;
  let bytes = 0;
  for (const [at, { object }] of steps.entries()) {
    const more = bytesOf(object);
    if (bytes + more > mostBytes && at > start) {
      yield steps.slice(start, at);
      [start, bytes] = [at, 0];
    }
    bytes += more;
  }
  if (start < steps.length) yield steps.slice(start);
}

/** How much of a message it takes at most, as far as that can be told without nft. */
function bytesOf(object: SpecObject): number {
  if (object.kind === "nft-chain") return object.rules.reduce((sum, { text, comment }) => sum + 250 + 3 * text.length + comment.length, 200);
  if (object.kind !== "nft-element") return 200;
  const key = 64;
  const value = object.value === undefined ? 0 : 24 + object.value.length;
  if (object.interval !== true) return key + value;
  // An interval has an end as well. One of a single part is two elements to the kernel, and nft sends both twice when their set is new.
  return object.key.includes(" . ") ? 2 * key + value : 2 * (2 * key + value);
}

export function nftCommandsOf(steps: readonly NftStep[]): string {
  const commands: string[] = [];
  let run = new Map<string, NftElementObject[]>();
  let verb: "add" | "delete" = "add";
  const endRun = (): void => {
    for (const objects of run.values()) commands.push(elements(verb, objects));
    run = new Map();
  };
  for (const { action, object, previous } of steps) {
    if (object.kind !== "nft-element") {
      endRun();
      commands.push(...single(action, object, previous));
      continue;
    }
    if (action === "change") {
      endRun();
      commands.push(elements("delete", [object]), elements("add", [object]));
      continue;
    }
    if (verb !== action) endRun();
    verb = action;
    const set = `${object.family} ${object.set}`;
    const objects = run.get(set);
    if (objects === undefined) run.set(set, [object]);
    else objects.push(object);
  }
  endRun();
  return commands.join("\n");
}

function single(action: NftStep["action"], o: Exclude<NftObject, NftElementObject>, previous: SpecObject | undefined): string[] {
  switch (o.kind) {
    case "nft-table":
      return [action === "delete" ? deleteTable(o) : addTable(o)];
    case "nft-set":
      return action === "delete" ? [deleteSet(o)] : [addSet(o)];
    case "nft-chain":
      if (action === "delete") return deleteChain(o);
      return action === "add" ? addChain(o) : changeChain(o, previous?.kind === "nft-chain" ? previous : o);
  }
}
