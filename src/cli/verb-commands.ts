import { verbs } from "../operations/verbs.ts";
import { verbCommand, type VerbCommand } from "./verb-command.ts";

/** A command per verb: one loop over their table. */
export const verbCommands: readonly VerbCommand[] = verbs.map(verbCommand);

export function findVerbCommand(name: string): VerbCommand | undefined {
  return verbCommands.find((command) => command.name === name);
}
