// Finding and ending processes, through /proc. A process is known by pid and start time together, since the kernel hands out a pid
// again; what it belongs to is read anew in every round, so nothing is signalled on old knowledge.
import { isSameFile, readFileSync, readdirSync, readlinkSync, type Stats, statIfThere } from "../kernel/files.ts";
import { namespaceInode } from "../kernel/namespaces.ts";
import { VpcctlError } from "../model/errors.ts";

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  /** Clock ticks since boot. */
  readonly started: string;
  /** The kernel's short name of it, at most 15 bytes. */
  readonly name: string;
}

export interface EndedProcess {
  readonly pid: number;
  readonly name: string;
}

/** Undefined when there is no such process, or it has ended and only waits for its parent to ask how (a zombie). */
export function readProcess(pid: number): Process | undefined {
  const line = readOrNothing(`/proc/${pid}/stat`);
  // The name stands in parentheses and may itself hold parentheses and spaces.
  const open = line.indexOf("(");
  const close = line.lastIndexOf(")");
  if (open < 0 || close < 0) return undefined;
  const fields = line.slice(close + 2).split(" ");
  // Numbered as in proc(5), where the state is field 3.
  const field = (number: number) => fields[number - 3] ?? "";
  // Its first thread may have ended while others go on (field 20 is how many there are): then so does the process.
  if (field(3) === "X" || (field(3) === "Z" && Number(field(20)) <= 1)) return undefined;
  return { pid, parent: Number(field(4)), session: Number(field(6)), started: field(22), name: line.slice(open + 1, close) };
}

/** Every live process of this /proc. */
export function allProcesses(): Process[] {
  return allPids().flatMap((pid) => readProcess(pid) ?? []);
}

/** Throws when /proc speaks of another process namespace: its numbers would be other processes here, and we send signals to them. */
function allPids(): number[] {
  if (linkTarget("/proc/self") !== String(process.pid)) {
    throw new VpcctlError({
      code: "NotPermitted",
      message: "/proc shows the processes of another process namespace.",
      hint: "Mount one of this namespace: mount -t proc proc /proc",
    });
  }
  return readdirSync("/proc").flatMap((entry) => (entry >= "0" && entry < ":" ? Number(entry) : []));
}

/** The value of a variable the process was started with. Undefined also for processes of others that we may not look into. */
export function readVariable(pid: number, name: string): string | undefined {
  const text = `\0${readOrNothing(`/proc/${pid}/environ`)}`;
  const start = text.indexOf(`\0${name}=`);
  return start < 0 ? undefined : text.slice(start + name.length + 2, text.indexOf("\0", start + 1));
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // ENOENT, ESRCH: it ended. EACCES: it belongs to somebody else.
    return "";
  }
}

let onBehalfOf: number | undefined;

/** For a process that carries out what others ask for: nothing here ends who asked, either. */
export function actOnBehalfOf(pid: number): void {
  onBehalfOf = pid;
}

/** This process, the one that asked, and their ancestors, which nothing here may end. */
function untouchable(): ReadonlySet<number> {
  const spared = new Set([1]);
  for (const one of [process.pid, onBehalfOf ?? 0]) {
    for (let pid = one; pid > 0 && !spared.has(pid); pid = readProcess(pid)?.parent ?? 0) spared.add(pid);
  }
  return spared;
}

// Doubled from the first to the last: most processes end within a millisecond of the signal, and a long wait must not cost a processor.
const FIRST_PAUSE_MS = 1;
const LAST_PAUSE_MS = 25;

/** Who goes into a namespace to look at something has left it by then. */
const VISIT_MS = 100;

/** A process in uninterruptible sleep does not even end on SIGKILL; we do not wait for a broken disk for ever. */
const KILL_PATIENCE_MS = 5_000;

/**
 * Ends whatever `find` finds, again and again until it finds nothing: SIGTERM to each, SIGKILL to all that are there after `grace`
 * milliseconds. What one that was asked to end starts then is its farewell, and not asked. Spares this process and its ancestors, and
 * possible visitors until they have stayed too long. Returns those that were signalled; blocks until all are gone.
 */
export function endProcesses(find: () => readonly Process[], grace: number, mayBeVisitor: (pid: number) => boolean = () => false): EndedProcess[] {
  const ended = new Map<string, EndedProcess>();
  const asked = new Set<number>();
  const spared = untouchable();
  const start = performance.now();
  let since: ReadonlyMap<string, number> = new Map();
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LAST_PAUSE_MS)) {
    const found = find().filter(({ pid }) => !spared.has(pid));
    const waited = performance.now() - start;
    if (found.length === 0 || waited > grace + KILL_PATIENCE_MS) return [...ended.values()];
    // Of a visitor who has left and comes again the time starts anew.
    since = new Map(found.map((one) => [keyOf(one), since.get(keyOf(one)) ?? waited]));
    // Found in the same look as its parent, a process is asked as well.
    const before = new Set(asked);
    for (const { pid, parent, name, started } of found) {
      const key = keyOf({ pid, started });
      if (waited - (since.get(key) ?? waited) < VISIT_MS && mayBeVisitor(pid)) continue;
      if (waited >= grace) signalProcess(pid, "SIGKILL");
      else if (!ended.has(key) && !before.has(parent)) ask(pid);
      asked.add(pid);
      ended.set(key, { pid, name });
    }
    Bun.sleepSync(pause);
  }
}

const keyOf = ({ pid, started }: Pick<Process, "pid" | "started">): string => `${pid} ${started}`;

function ask(pid: number): void {
  signalProcess(pid, "SIGTERM");
  // A stopped process would not hear of it otherwise.
  signalProcess(pid, "SIGCONT");
}

/** One that has ended in the meantime is no error. */
export function signalProcess(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** An interactive shell ignores SIGTERM; everything else that means to end does so well within this. */
const NAMESPACE_GRACE_MS = 500;

/**
 * Ends every process whose network namespace is one of these (by name), whoever started it, and waits until they are gone. A name that
 * does not exist is passed over, and so is one that stands for the namespace this process or the system's first process is in. With
 * no process inside it costs one look at each entry of /proc. Others of this program that only look at something there are let out.
 */
export function endProcessesIn(namespaces: readonly string[]): EndedProcess[] {
  const wanted = new Set(namespaces.flatMap((name) => namespaceInode(name) ?? []).map((inode) => `net:[${inode}]`));
  for (const pid of ["self", "1"]) wanted.delete(namespaceOf(pid) ?? "");
  if (wanted.size === 0) return [];
  const inside = () => allPids().filter((pid) => wanted.has(namespaceOf(pid) ?? ""));
  return endProcesses(() => inside().flatMap((pid) => readProcess(pid) ?? []), NAMESPACE_GRACE_MS, runsThisProgram);
}

/** `net:[4026531840]`; undefined for a process that has ended or that we may not look into. Where the first thread has ended, another tells. */
function namespaceOf(pid: number | string): string | undefined {
  return linkTarget(`/proc/${pid}/ns/net`) ?? threadsOf(pid).flatMap((thread) => linkTarget(`/proc/${pid}/task/${thread}/ns/net`) ?? []).at(0);
}

function threadsOf(pid: number | string): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

const runsThisProgram = (pid: number): boolean => isSameFile(programFile("self"), programFile(pid));

function programFile(pid: number | "self"): Stats | undefined {
  try {
    return statIfThere(`/proc/${pid}/exe`);
  } catch {
    return undefined;
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** `endProcesses` for one that is known already. */
export function endProcess(one: Process, grace: number): void {
  endProcesses(() => (isAlive(one.pid, one.started) ? [one] : []), grace);
}

/** True when this very process still lives: a pid alone may belong to another by now. */
export function isAlive(pid: number, started: string): boolean {
  return readProcess(pid)?.started === started;
}
