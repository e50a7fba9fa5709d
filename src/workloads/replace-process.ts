// The last step of starting a workload: this process becomes it. No process of ours stays between the user and the workload, so its
// standard streams, terminal, signals, job control and exit status are the user's own without anybody passing them on, and a workload
// costs no memory beyond itself.
//
// The JavaScript runtime has changed the process it runs in; the workload must not inherit that:
//  - it ignores SIGPIPE and SIGXFSZ, and ignored signals stay ignored across execve (caught ones do not);
//  - it raises the soft limit of open files to the hard one, which breaks programs that use select(2) or close every descriptor;
//  - it marks every descriptor from 4 up close-on-exec, the user's too, which would break `diff <(one) <(two)`.
// What must not happen before this call is a use of process.stdin or process.stdout: it makes them non-blocking, which is a property of
// the open file, so the workload and whoever else shares it would have to live with that. We write with writeSync only.
import { EACCES, ENODEV, ENOENT, ENOEXEC, ENOTDIR, ESTALE, ETIMEDOUT } from "../kernel/errno.ts";
import { fstatSync, readFileSync, readdirSync } from "../kernel/files.ts";
import { SIGPIPE, SIGXFSZ } from "../kernel/signals.ts";
import { cString, cStrings, errno, processCalls } from "../kernel/libc.ts";

const SIG_DFL = null;
const RLIMIT_NOFILE = 7;
const F_SETFD = 2;
const PR_SET_CHILD_SUBREAPER = 36;

/** Where execvp(3) of the C library looks when the environment has no PATH. */
const DEFAULT_PATH = "/bin:/usr/bin";

export interface Limit {
  readonly soft: bigint;
  readonly hard: bigint;
}

/** Says in a sentence why a command did not start; `code` is the shell's exit status for it. */
export interface NotStarted {
  readonly code: 126 | 127;
  readonly reason: string;
}

/**
 * Executes `argv` in place of this process, as execvp(3) would. `extra` is added to the environment, which otherwise passes through byte
 * by byte. Returns only when the command cannot be executed.
 */
export function replaceProcess(argv: readonly [string, ...string[]], extra: Readonly<Record<string, string>>, openFiles: Limit): NotStarted {
  const environment = environmentWith(extra);
  restoreProcess(openFiles);
  passDescriptors();
  let denied = false;
  for (const file of candidates(argv[0], searchPath(environment))) {
    const number = execute(file, argv, environment);
    if (number === ENOEXEC) execute("/bin/sh", ["/bin/sh", file, ...argv.slice(1)], environment);
    else if (number === EACCES) denied = true;
    else if (!isAbsence(number)) return { code: 126, reason: `${argv[0]}: cannot be executed (errno ${number})` };
  }
  return denied ? { code: 126, reason: `${argv[0]}: permission denied` } : { code: 127, reason: `${argv[0]}: command not found` };
}

/** Makes orphaned descendants children of this process, also after execve, until it ends. */
export function adoptOrphans(): void {
  processCalls().prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/**
 * The limit of open files that the user's shell runs with. Ours is gone: the runtime has raised it before any code of ours ran. The
 * parent is who we have it from, unless it gave us another on purpose, which cannot be seen any more.
 */
export function inheritedOpenFiles(): Limit {
  const own = openFilesOf("self");
  const parent = openFilesOf(String(process.ppid));
  if (own === undefined) return { soft: DEFAULT_SOFT_LIMIT, hard: DEFAULT_SOFT_LIMIT };
  const soft = parent?.soft ?? DEFAULT_SOFT_LIMIT;
  return { soft: soft < own.hard ? soft : own.hard, hard: own.hard };
}

/** The kernel's own default, and systemd's. */
const DEFAULT_SOFT_LIMIT = 1024n;
const UNLIMITED = 0xffff_ffff_ffff_ffffn;

function openFilesOf(pid: string): Limit | undefined {
  try {
    const match = /^Max open files\s+(\d+|unlimited)\s+(\d+|unlimited)/m.exec(readFileSync(`/proc/${pid}/limits`, "latin1"));
    const number = (text = "unlimited") => (text === "unlimited" ? UNLIMITED : BigInt(text));
    return match === null ? undefined : { soft: number(match[1]), hard: number(match[2]) };
  } catch {
    return undefined;
  }
}

function restoreProcess({ soft, hard }: Limit): void {
  const { setrlimit, signal } = processCalls();
  signal(SIGPIPE, SIG_DFL);
  signal(SIGXFSZ, SIG_DFL);
  setrlimit(RLIMIT_NOFILE, BigUint64Array.of(soft, hard));
}

/** The runtime keeps a copy of standard input at the first free descriptor from here on. */
const FIRST_RUNTIME_COPY = 1023;

/**
 * Lets the user's descriptors live through execve. What we or the runtime hold open by then are sockets, event queues and namespaces,
 * hence only what a shell hands over counts: files, pipes and devices. Never one with a lock: a workload must not hold ours.
 */
function passDescriptors(): void {
  for (const fd of readdirSync("/proc/self/fd").map(Number)) {
    if (fd > 2 && fd < FIRST_RUNTIME_COPY && isHandedOver(fd)) processCalls().fcntl(fd, F_SETFD, 0);
  }
}

function isHandedOver(fd: number): boolean {
  try {
    const status = fstatSync(fd);
    if (!status.isFile() && !status.isFIFO() && !status.isCharacterDevice()) return false;
    return !/^lock:/m.test(readFileSync(`/proc/self/fdinfo/${fd}`, "latin1"));
  } catch {
    // The descriptor with which the directory was read.
    return false;
  }
}

/** The bytes this process was started with; `process.env` would replace what is not valid UTF-8. */
function environmentWith(extra: Readonly<Record<string, string>>): Uint8Array[] {
  const names = Object.keys(extra).map((name) => `${name}=`);
  const own: Uint8Array[] = [];
  const bytes = readFileSync("/proc/self/environ");
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0, start);
    if (end < 0) break;
    const entry = bytes.subarray(start, end + 1);
    if (!names.some((name) => entry.toString("latin1", 0, name.length) === name)) own.push(entry);
    start = end + 1;
  }
  return [...own, ...Object.entries(extra).map(([name, value]) => cString(`${name}=${value}`))];
}

function searchPath(environment: readonly Uint8Array[]): string {
  const entry = environment.map((bytes) => Buffer.from(bytes).toString("utf8", 0, bytes.length - 1)).find((text) => text.startsWith("PATH="));
  return entry?.slice("PATH=".length) ?? DEFAULT_PATH;
}

/** Files that a command's name may mean, in order. An empty part of the path is the current directory. */
export function candidates(command: string, path: string): string[] {
  if (command === "") return [];
  if (command.includes("/")) return [command];
  return path.split(":").map((directory) => `${directory === "" ? "." : directory}/${command}`);
}

function isAbsence(number: number): boolean {
  return [ENOENT, ENOTDIR, ESTALE, ENODEV, ETIMEDOUT].includes(number);
}

function execute(file: string, argv: readonly string[], environment: readonly Uint8Array[]): number {
  const words = cStrings(argv);
  const variables = cStrings(environment);
  processCalls().execve(cString(file), words.array, variables.array);
  return errno();
}
