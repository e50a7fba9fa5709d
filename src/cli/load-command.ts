import { loadVerb } from "../operations/verb-areas.ts";
import type { Command } from "./command.ts";
import { verbCommand } from "./verb-command.ts";

/** The command of this name, loaded with as few of the others as can be; `undefined` when there is none. */
export async function loadCommand(name: string): Promise<Command | undefined> {
  const verb = await loadVerb(name);
  if (verb !== undefined) return verbCommand(verb);
  const { otherCommands } = await import("./other-commands.ts");
  return otherCommands.find((command) => command.name === name);
}
