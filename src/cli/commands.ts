import type { Command } from "./command.ts";
import { otherCommands } from "./other-commands.ts";
import { verbCommands } from "./verb-commands.ts";

/** Every command, in the order in which help shows those of a group. */
export const commands: readonly Command[] = [...verbCommands, ...otherCommands];
