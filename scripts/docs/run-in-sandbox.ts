// Real outputs for the documents: a bash script run on the sandbox's make-believe host by the launcher of this checkout.
import { join } from "node:path";

const top = join(import.meta.dir, "../..");

/** Milliseconds; far more than any script takes. */
const patience = 60_000;

/** What the script prints, standard error included. Rejects with all of it when the script fails. */
export async function runInSandbox(script: string): Promise<string> {
  const words = ["./vpcctl.sh", "sandbox", "--", "bash", "-euo", "pipefail", "-c", `exec 2>&1\n${script}`];
  const child = Bun.spawn(words, { cwd: top, stdio: ["ignore", "pipe", "pipe"], timeout: patience, env: { ...process.env, NO_COLOR: "1" } });
  const [output, complaint, status] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
  if (status === 0) return output;
  throw new Error(`A script of the documents failed with status ${status}:\n${script}\n\n${output}${complaint}`);
}

/** Prints a line as typed, then runs it. */
export const typed = (line: string): string => `printf '%s\\n' ${quoted(`$ ${line}`)}; ${line}`;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Times differ from run to run; a document shows `N ms` and `N s`, so that everybody sees that a number was left out. */
export const withoutTimes = (output: string): string => output.replaceAll(/\b\d+(?:\.\d+)? (m?s)\b/g, "N $1");

/** A block of text as it was on the terminal. */
export const terminal = (text: string): string => `\`\`\`console\n${text.trim()}\n\`\`\``;
