// Workloads on a terminal, as at a shell.
import { expect, test } from "bun:test";
import { program, sandboxed } from "./workload-place.ts";

/** Types into a terminal on which a shell in the sandbox runs; `steps` are [text to wait for, what to type then]. */
async function onTerminal(script: string, steps: readonly (readonly [string, string | [number, number]])[]): Promise<string> {
  let shown = "";
  let next = 0;
  let from = 0;
  const child = Bun.spawn(sandboxed(script), {
    terminal: {
      cols: 80,
      rows: 24,
      data(terminal, bytes) {
        shown += Buffer.from(bytes).toString();
        for (let step = steps[next]; step !== undefined; step = steps[next]) {
          const at = shown.indexOf(step[0], from);
          if (at < 0) return;
          next++;
          from = at + step[0].length;
          if (typeof step[1] === "string") terminal.write(step[1]);
          else terminal.resize(...step[1]);
        }
      },
    },
  });
  await child.exited;
  child.terminal?.close();
  return shown.replaceAll("\r", "");
}

test("a workload has the user's terminal, and hears when its size changes", async () => {
  const shown = await onTerminal(
    `program run sh 'trap "stty size; exit" WINCH; test -t 0 && test -t 1 && stty size; echo ready; while :; do sleep 0.02; done'`,
    [["ready", [100, 30]]],
  );
  expect(shown).toBe("24 80\nready\n30 100\n");
});

test("Ctrl-Z stops the workload, fg goes on with it, Ctrl-C interrupts it", async () => {
  // Quotes inside the words keep what is typed (and shown) apart from what is printed.
  const shown = await onTerminal("PS1='prompt> ' exec bash --norc -i", [
    ["prompt> ", `${program} run sh 'echo re""ady; read line; echo "read $line"; echo ag""ain; read line'\n`],
    ["ready\r\n", "\x1a"],
    ["prompt> ", "echo stopped $?; fg\n"],
    ["stopped 148", "hello\n"],
    ["again\r\n", "\x03"],
    ["prompt> ", "echo ended $?; exit\n"],
  ]);
  expect(shown).toContain("stopped 148\n");
  expect(shown).toContain("read hello\n");
  expect(shown).toContain("ended 130\n");
});
