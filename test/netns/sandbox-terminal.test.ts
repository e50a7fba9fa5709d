import { expect, test } from "bun:test";
import { eventually } from "../support/eventually.ts";
import { executable } from "../support/executable.ts";

const vpcctl = await executable();

test("without a command there is an interactive shell that says where it is, with job control", async () => {
  let screen = "";
  const terminal = { cols: 120, rows: 40, data: (_: unknown, bytes: Uint8Array) => void (screen += Buffer.from(bytes).toString()) };
  const child = Bun.spawn([vpcctl, "sandbox"], { terminal, env: { ...process.env, HOME: "/nonexistent", TERM: "dumb" } });
  const type = async (keys: string, shown: string): Promise<void> => {
    screen = "";
    child.terminal?.write(keys);
    await eventually(`${JSON.stringify(keys)} shows ${shown}`, () => screen.includes(shown));
  };
  await eventually("a prompt", () => screen.includes("(sandbox) "));
  expect(screen).toContain("This is a sandbox");
  await type("echo $(id -u)-$0\n", "0-");
  // Ctrl-Z stops the command and not the sandbox; Ctrl-C ends it and not the sandbox.
  // It starts nothing any more when it is ready: a shell that is about to start a program waits for that, and when Ctrl-Z stops the child
  // just then, it cannot stop itself (vfork(2)).
  await type(`sh -c 'sleep 60 & cont() { echo ag""ain; }; trap cont CONT; echo re""ady; while :; do wait; done'\n`, "ready");
  await type("\x1a", "Stopped");
  await type("fg\n", "again");
  await type("\x03", "(sandbox) ");
  child.terminal?.write("exit 5\n");
  expect(await child.exited).toBe(5);
});
