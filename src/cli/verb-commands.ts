import type { Command } from "./command.ts";
export const verbCommands: readonly Command[] = [];
