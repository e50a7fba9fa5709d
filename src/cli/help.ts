// Help pages, made from the table of commands.
import { exitStatus } from "../model/errors.ts";
import { type Command, commandGroups, globalOptions, type Option, optionsOf } from "./command.ts";
import type { Output } from "./output.ts";
import { formatTable, wrapText } from "./table.ts";

/** As wide as a classic terminal. */
const pageWidth = 80;

const exitMeanings: Readonly<Record<keyof typeof exitStatus, string>> = {
  done: `${exitStatus.done} done`,
  failed: `${exitStatus.failed} failed or, for a test, not as expected`,
  usage: `${exitStatus.usage} invalid input`,
  notFound: `${exitStatus.notFound} not found`,
  conflict: `${exitStatus.conflict} conflict`,
  notPermitted: `${exitStatus.notPermitted} not permitted, or something missing on this machine`,
  bug: `${exitStatus.bug} a bug`,
};

/** The page of `vpcctl --help`. */
export function formatOverview(commands: readonly Command[], output: Output): string {
  const title = (text: string) => `${output.style("bold", text)}\n`;
  const shown = commands.filter((command) => !command.hidden);
  // One column width for all groups, so that the page reads as one table.
  const nameWidth = Math.max(...shown.map((command) => command.name.length));
  const groups = Object.entries(commandGroups).map(([group, heading]) => {
    const rows = shown.filter((command) => command.group === group).map((command) => [command.name.padEnd(nameWidth), command.summary]);
    return `${title(heading)}${formatTable(rows, "  ")}\n`;
  });
  return [
    `${output.style("bold", "vpcctl")}: virtual private clouds on one Linux machine.\n`,
    "\n",
    "Usage: vpcctl COMMAND [ARGUMENT...] [OPTION...]\n",
    "\n",
    ...groups,
    title("Options of every command"),
    formatOptions(globalOptions),
    "\n",
    wrapText("Not root? `vpcctl sandbox` gives you a shell on a make-believe host where every command works.", pageWidth),
    "`vpcctl COMMAND --help` explains a command.\n",
    "\n",
    wrapText(`Exit status: ${Object.values(exitMeanings).join(", ")}.`, pageWidth),
  ].join("");
}

/** The page of `vpcctl COMMAND --help`. */
export function formatCommandHelp(command: Command, output: Output): string {
  const title = (text: string) => `\n${output.style("bold", text)}\n`;
  const argumentRows = command.arguments.map((argument) => [argument.name.toUpperCase(), argument.meaning]);
  return [
    `Usage: ${usageOf(command)}\n\n`,
    wrapText(command.about, pageWidth),
    argumentRows.length > 0 ? title("Arguments") + formatTable(argumentRows, "  ") : "",
    title("Options"),
    formatOptions(optionsOf(command)),
    title(command.examples.length > 1 ? "Examples" : "Example"),
    ...command.examples.map((example) => `  ${output.style("cyan", example.line)}\n${wrapText(example.effect, pageWidth, "      ")}`),
  ].join("");
}

/** For example `vpcctl add-subnet VPC NAME CIDR [OPTION...]`. */
export function usageOf(command: Command): string {
  const words = command.arguments.map((argument) => (argument.optional ? `[${argument.name.toUpperCase()}]` : argument.name.toUpperCase()));
  const trailing = command.trailing === undefined ? [] : [`[-- ${command.trailing}]`];
  return ["vpcctl", command.name, ...words, "[OPTION...]", ...trailing].join(" ");
}

function formatOptions(options: readonly Option[]): string {
  return formatTable(
    options.map((option) => {
      const long = option.value === undefined ? `--${option.name}` : `--${option.name} ${option.value}`;
      const fallback = option.fallback === undefined ? "" : ` Default: ${option.fallback}.`;
      return [option.short === undefined ? `    ${long}` : `-${option.short}, ${long}`, option.meaning + fallback];
    }),
    "  ",
  );
}
