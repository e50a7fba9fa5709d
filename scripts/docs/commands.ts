import { commandGroups } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import { usageOf } from "../../src/cli/help.ts";

/** Every command, in the groups and the order of `vpcctl --help`. */
export function generate(): string {
  const shown = commands.filter((command) => !command.hidden);
  const parts = Object.entries(commandGroups).map(([group, heading]) => {
    const rows = shown.filter((command) => command.group === group).map((command) => `| \`${synopsis(usageOf(command))}\` | ${command.summary}. |`);
    return `| ${heading} | |\n|---|---|\n${rows.join("\n")}`;
  });
  return parts.join("\n\n");
}

/** Every row has options and every row is of vpcctl, so neither is said. */
const synopsis = (usage: string): string => usage.replace("vpcctl ", "").replace(" [OPTION...]", "");
