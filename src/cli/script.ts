// The steps of a change as a bash script that does the same, for learners and for those who want to see before they trust.
import type { Step } from "../drivers/driver.ts";
import { wrapText } from "./table.ts";

const commentWidth = 100;

/** A script that runs with plain bash; a comment per group of steps says why they exist. */
export function formatScript(line: string, steps: readonly Step[]): string {
  const parts = ["#!/usr/bin/env bash\n", `# Does the same as: ${withoutScriptOptions(line)}\n`, "set -euo pipefail\n"];
  let lastWhy: string | undefined;
  for (const step of steps) {
    if (step.why !== lastWhy) parts.push("\n", wrapText(step.why, commentWidth - 2).replace(/^/gm, "# ").replace(/# $/, ""));
    lastWhy = step.why;
    for (const command of step.script) parts.push(`${command}\n`);
  }
  if (steps.length === 0) parts.push("\n# Nothing to do: the machine is already so.\n");
  return parts.join("");
}

/** Who runs the script does what the command does without them. */
function withoutScriptOptions(line: string): string {
  return line.replaceAll("\n", " ").replace(/ (--dry-run|--explain|-n)(?= |$)/g, "");
}
