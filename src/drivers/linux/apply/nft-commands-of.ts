// Steps -> one nftables transaction. Elements of one set that follow each other become one command.
import type { NftChainObject, NftElementObject, NftSetObject, NftTableObject, SpecObject } from "../objects/object.ts";
import { addChain, addSet, addTable, changeChain, deleteChain, deleteSet, deleteTable, elements } from "../script/nft-commands.ts";

export type NftObject = NftTableObject | NftSetObject | NftChainObject | NftElementObject;
export interface NftStep {
  readonly action: "add" | "change" | "delete";
  readonly object: NftObject;
  /** How it was, for a change. */
  readonly previous?: SpecObject | undefined;
}

export function nftCommandsOf(steps: readonly NftStep[]): string {
  const commands: string[] = [];
  let run: NftElementObject[] = [];
  let verb: "add" | "delete" = "add";
  const endRun = (): void => {
    if (run.length > 0) commands.push(elements(verb, run));
    run = [];
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
    const [first] = run;
    if (first !== undefined && (verb !== action || first.set !== object.set || first.family !== object.family)) endRun();
    verb = action;
    run.push(object);
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
