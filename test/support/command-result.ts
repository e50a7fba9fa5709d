/** What a command on a fake host left behind. */
export interface CommandResult {
  readonly command: string;
  /** 128 + n when signal n ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** For the message of a failed test: everything there is to know. */
export function describeResult({ command, exitCode, stdout, stderr }: CommandResult): string {
  return `${command}\nended with status ${exitCode}\n--- stdout\n${stdout}\n--- stderr\n${stderr}`;
}
