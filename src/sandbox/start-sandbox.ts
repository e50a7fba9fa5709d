// A sandbox is a tree of processes, and dies as one:
//
//   vpcctl sandbox            here
//   └─ unshare                owns the namespaces from outside; killed with us (setpriv --pdeathsig), whatever kills us
//      └─ sh                  process 1 of a process namespace; killed with unshare (--kill-child), and with it the kernel ends all others
//         ├─ __sandbox-init   sets the host up, then serves its internet
//         └─ the command      in the foreground; sh takes over its exit status, and buries orphans as process 1 must
//
// A user namespace can be made only by a process with one thread, and the runtime has several; hence unshare and not a system call.
// The shell is process 1, and not this program, because reaping orphans is built into it and it costs a millisecond and no memory.
//
// Channels: standard input, output and error are the command's alone. unshare and the set-up complain on a pipe of their own (2 until
// the shell puts the real standard error, 4, in its place), and descriptor 3 tells how far it came: closed without a word, it failed.
import { closeSync } from "../kernel/files.ts";
import { selfCommand } from "../kernel/self-command.ts";
import { explainRefusal, requirePrograms } from "./explain-refusal.ts";
import { INIT_VERB, READY, type InitRequest } from "./init-sandbox.ts";
import { sandboxEnvironment } from "./sandbox-environment.ts";
import { shellWord } from "./shell-word.ts";

export interface SandboxOptions {
  /** Program and arguments, looked up in the PATH inside. */
  readonly command: readonly string[];
  /** An uplink and something behind it; true when absent. */
  readonly internet?: boolean;
  /** Program and arguments of what `vpcctl` means inside; this program when absent. */
  readonly self?: readonly string[];
  /** Program and arguments that call `initSandbox` with one more argument; this program's hidden command when absent. */
  readonly init?: readonly string[];
  /** Working directory inside; the present one when absent. */
  readonly directory?: string;
  /** The command's standard input, output and error; those of this process when absent. A pipe is read and written through `process`. */
  readonly stdio?: readonly ["inherit" | "ignore" | "pipe", "inherit" | "ignore" | "pipe", "inherit" | "ignore"];
}

export interface Sandbox {
  /** `unshare`; its exit status is the command's. Killing it ends the sandbox. */
  readonly process: Bun.Subprocess;
  /** Resolves when the command has been started on a complete host. Rejects with a VpcctlError that tells why there is none. */
  readonly ready: Promise<void>;
}

/** Throws VpcctlError (MissingLibrary) when a program is missing. */
export function startSandbox(options: SandboxOptions): Sandbox {
  requirePrograms();
  const self = options.self ?? selfCommand();
  const request: InitRequest = { internet: options.internet ?? true, self };
  const init = [...(options.init ?? [...selfCommand(), INIT_VERB]), JSON.stringify(request)];
  const [stdin, stdout, stderr] = options.stdio ?? ["inherit", "inherit", "inherit"];
  const process = Bun.spawn([...isolation, "sh", "-c", script(init), "sh", ...options.command], {
    stdio: [stdin, stdout, "pipe", "pipe", stderr === "inherit" ? 2 : "ignore"],
    env: sandboxEnvironment(),
    ...(options.directory === undefined ? {} : { cwd: options.directory }),
  });
  return { process, ready: untilReady(process) };
}

/** Root first, its network after: made in one go, files as /proc/net/ip_tables_names would belong to the machine's root for good. */
const isolation = [
  "setpriv", "--pdeathsig", "KILL", "--",
  "unshare", "--user", "--map-root-user", "--",
  "unshare", "--net", "--mount", "--propagation", "private",
  "--fork", "--pid", "--kill-child", "--mount-proc", "--",
] as const;

/**
 * What process 1 does. The init runs in the background of a command substitution: it outlives that, which ends when init closes its
 * output. The last `exit` keeps the shell from becoming the command by exec, which would leave the sandbox without a process 1 that reaps.
 */
function script(init: readonly string[]): string {
  return [
    `ready=$(${init.map(shellWord).join(" ")} 3>&- 4>&- &)`,
    `[ "$ready" = ${READY} ] || exit 1`,
    // Fails when nobody listens: a parent killed before setpriv tied us to its life.
    `echo ${READY} >&3 || exit 1`,
    "exec 2>&4 3>&- 4>&-",
    '"$@"',
    "exit $?",
  ].join("\n");
}

async function untilReady(process: Bun.Subprocess): Promise<void> {
  const complaint = process.stderr instanceof ReadableStream ? new Response(process.stderr).text() : Promise.resolve("");
  const progress = process.stdio[3];
  if (typeof progress !== "number") throw new Error("the sandbox has no channel to tell its progress");
  const reader = Bun.file(progress).stream().getReader();
  // One short write comes in one piece. Not until the end: unshare keeps the channel open as long as it lives.
  const { value } = await reader.read();
  await reader.cancel();
  closeSync(progress);
  if (value !== undefined && Buffer.from(value).toString().trim() === READY) return;
  await process.exited;
  throw explainRefusal((await complaint).trim());
}
