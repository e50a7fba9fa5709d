import { closeSync, fstatSync, isSameFile, openIfThere, openSync, readFileIfThere, readSync, renameSync, statIfThere, writeFileSync } from "../kernel/files.ts";
import { lockFile } from "../kernel/flock.ts";

/** One command, as it is written down: one JSON object per line. */
export interface LogLine {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly command: string;
  readonly result: "done" | "unchanged" | "failed" | "rolled back";
  /** Steps taken on the machine. */
  readonly steps: number;
  readonly milliseconds: number;
  readonly error?: string;
}

/** Some 5,000 commands; the file before is kept, so the log holds between one and two of these, in bytes. */
const rotateAt = 1_000_000;

export function appendLog(path: string, line: LogLine): void {
  if ((statIfThere(path)?.size ?? 0) > rotateAt) putAside(path);
  writeFileSync(path, `${endsInMidLine(path) ? "\n" : ""}${JSON.stringify(line)}\n`, { flag: "a", mode: 0o644 });
}

/**
 * Not every command that writes here has the lock of the store, and of several that find the file full only one may put it aside: the next
 * would put the new file over it. So each locks the very file, and then looks whether it is still in this place. What is written to a
 * file that has just been put aside is read all the same.
 */
function putAside(path: string): void {
  const fd = openSync(path, "a", 0o644);
  try {
    if (!lockFile(fd, path, "try")) return;
    const file = fstatSync(fd);
    if (file.size > rotateAt && isSameFile(file, statIfThere(path))) renameSync(path, `${path}.1`);
  } finally {
    closeSync(fd);
  }
}

/** A command killed while it wrote left a line without its end; what follows must not be lost with it. */
function endsInMidLine(path: string): boolean {
  const fd = openIfThere(path);
  if (fd === undefined) return false;
  try {
    const { size } = fstatSync(fd);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last.toString() !== "\n";
  } finally {
    closeSync(fd);
  }
}

/** Oldest first. A last line cut off by a crash is left out. */
export function readLog(path: string): LogLine[] {
  return [`${path}.1`, path].flatMap((file) => {
    const lines = readFileIfThere(file, "utf8")?.split("\n") ?? [];
    return lines.flatMap((text) => parseLine(text) ?? []);
  });
}

function parseLine(text: string): LogLine | undefined {
  try {
    return text === "" ? undefined : (JSON.parse(text) as LogLine);
  } catch {
    return undefined;
  }
}
