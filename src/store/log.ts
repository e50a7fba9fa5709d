import { closeSync, openSync, readFileSync, readSync, renameSync, statIfThere, writeFileSync } from "../kernel/files.ts";

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
  if (sizeOf(path) > rotateAt) renameSync(path, `${path}.1`);
  writeFileSync(path, `${endsInMidLine(path) ? "\n" : ""}${JSON.stringify(line)}\n`, { flag: "a", mode: 0o644 });
}

const sizeOf = (path: string): number => statIfThere(path)?.size ?? 0;

/** A command killed while it wrote left a line without its end; what follows must not be lost with it. */
function endsInMidLine(path: string): boolean {
  const size = sizeOf(path);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  const fd = openSync(path, "r");
  readSync(fd, last, 0, 1, size - 1);
  closeSync(fd);
  return last.toString() !== "\n";
}

/** Oldest first. A last line cut off by a crash is left out. */
export function readLog(path: string): LogLine[] {
  return [`${path}.1`, path].flatMap((file) => {
    if (statIfThere(file) === undefined) return [];
    return readFileSync(file, "utf8")
      .split("\n")
      .flatMap((text) => parseLine(text) ?? []);
  });
}

function parseLine(text: string): LogLine | undefined {
  try {
    return text === "" ? undefined : (JSON.parse(text) as LogLine);
  } catch {
    return undefined;
  }
}
