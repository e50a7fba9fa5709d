import { shellProfile } from "./make-believe.ts";
import { commandOf } from "./process-tree.ts";
import { startSandbox } from "./start-sandbox.ts";

export interface EnterOptions {
  /** Program and arguments; an interactive shell when absent. */
  readonly command?: readonly string[];
}

/** Those that ask a process to end or tell it something; the terminal's own (Ctrl-C, Ctrl-\) reach the command without us. */
const forwarded = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const;
const fromTerminal = ["SIGINT", "SIGQUIT"] as const;

/**
 * Runs a command, or a shell, on a make-believe host of its own, with our standard input, output and error. Resolves with its exit
 * status (128 + n when signal n ended it). Everything started inside is gone then. Throws VpcctlError when there can be no sandbox.
 */
export async function enterSandbox(options: EnterOptions = {}): Promise<number> {
  const sandbox = startSandbox({ command: options.command ?? shellCommand() });
  const forward = (signal: NodeJS.Signals): void => signalCommand(sandbox.process.pid, signal);
  const leaveToCommand = (signal: NodeJS.Signals): void => {
    // Ctrl-C reaches the whole foreground at once. Without a terminal nobody but us got the signal.
    if (!process.stdin.isTTY) forward(signal);
  };
  for (const signal of forwarded) process.on(signal, forward);
  for (const signal of fromTerminal) process.on(signal, leaveToCommand);
  try {
    await sandbox.ready;
    return await sandbox.process.exited;
  } finally {
    for (const signal of forwarded) process.off(signal, forward);
    for (const signal of fromTerminal) process.off(signal, leaveToCommand);
  }
}

function shellCommand(): readonly string[] {
  // A plain sh reads the file that ENV names when it is interactive.
  return Bun.which("bash") === null ? ["env", `ENV=${shellProfile}`, "sh", "-i"] : ["bash", "--rcfile", shellProfile, "-i"];
}

/** Process 1 ignores signals, so they go past it. Until the command runs there is nobody to tell, and the sandbox ends. */
function signalCommand(unshare: number, signal: NodeJS.Signals): void {
  const command = commandOf(unshare);
  process.kill(command ?? unshare, command === undefined ? "SIGKILL" : signal);
}
