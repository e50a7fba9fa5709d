// What vpcctl remembers: the World, the one operation under way, and a log of commands. What the kernel holds is never written down.
//
//   world.json    the World as last committed; replaced whole, by rename, so there is always one that can be read
//   journal.json  the scope of the operation under way; its presence at start means that a command was killed half-way
//   log.jsonl     one line per command
//   lock          held (flock) by the command that changes things; the kernel releases it when the process ends, however it ends
//
// Order of an operation: journal, kernel and World (the engine says which first), then the journal goes. A crash of the machine needs no
// journal on disk: the kernel's state is gone as well. So only the World is forced to the disk.
import { draftOf, mkdirSync, readFileIfThere, removeIfThere, replaceFile } from "../kernel/files.ts";
import { emptyWorld } from "../model/world.ts";
import type { World } from "../model/world.ts";
import { appendLog, readLog } from "./log.ts";
import type { LogLine } from "./log.ts";
import { acquireLock } from "./lock.ts";
import { asStoreError } from "./store-error.ts";
import { formatWorldFile, parseWorldFile } from "./world-file.ts";

/** The operation under way: the VPCs it touches, in the form of a driver's scope. */
export interface Journal {
  readonly command: string;
  readonly scope: unknown;
}

export interface Store {
  /** The World as last committed; empty when there is none. Throws StoreCorrupt or StoreTooNew. */
  load(): World;
  save(world: World): void;
  journal(): Journal | undefined;
  begin(journal: Journal): void;
  /** The operation is over, one way or the other. */
  end(): void;
  /** Waits for the lock; `onWait` is told once if that takes more than a try. Released by disposing. */
  lock(onWait?: () => void): Disposable;
  appendLog(line: LogLine): void;
  readLog(): LogLine[];
}

/** Nothing is read or made until it is asked for. Every method throws StoreUnavailable or NotPermitted when the file system refuses. */
export function openStore(directory: string): Store {
  const store = openFiles(directory);
  return {
    load: () => asStoreError(directory, () => store.load()),
    save: (world) => asStoreError(directory, () => store.save(world)),
    journal: () => asStoreError(directory, () => store.journal()),
    begin: (journal) => asStoreError(directory, () => store.begin(journal)),
    end: () => asStoreError(directory, () => store.end()),
    lock: (onWait) => asStoreError(directory, () => store.lock(onWait)),
    appendLog: (line) => asStoreError(directory, () => store.appendLog(line)),
    readLog: () => asStoreError(directory, () => store.readLog()),
  };
}

function openFiles(directory: string): Store {
  const path = (name: string): string => `${directory}/${name}`;
  let writable = false;
  const ready = (): void => {
    // Readable for all: nothing in here is secret, and `list` should work without sudo.
    if (!writable) mkdirSync(directory, { recursive: true, mode: 0o755 });
    writable = true;
  };
  return {
    load() {
      const text = readFileIfThere(path("world.json"), "utf8");
      return text === undefined ? emptyWorld : parseWorldFile(text, path("world.json"));
    },
    save(world) {
      ready();
      // An empty World is no file: after cleanup nothing is left to remember.
      if (isEmpty(world)) removeIfThere(path("world.json"));
      else replaceFile(path("world.json"), formatWorldFile(world), { safety: "to the disk" });
    },
    journal() {
      const text = readFileIfThere(path("journal.json"), "utf8");
      return text === undefined ? undefined : parseJournal(text);
    },
    begin(journal) {
      ready();
      replaceFile(path("journal.json"), JSON.stringify(journal), { safety: "in memory" });
    },
    end() {
      // Drafts that a killed command left behind go as well: nobody else writes one while we hold the lock.
      for (const name of ["journal.json", draftOf("journal.json"), draftOf("world.json")]) removeIfThere(path(name));
    },
    lock(onWait) {
      ready();
      return acquireLock(directory, onWait);
    },
    appendLog(line) {
      ready();
      appendLog(path("log.jsonl"), line);
    },
    readLog: () => readLog(path("log.jsonl")),
  };
}

/** Elastic IPs, prefix lists and the public pool belong to no VPC: they are remembered when the last one has gone. */
function isEmpty(world: World): boolean {
  const { schema, ...parts } = world;
  const isNothing = (part: object | string | undefined): boolean => part === undefined || (typeof part === "object" && Object.keys(part).length === 0);
  return schema === emptyWorld.schema && Object.values(parts).every(isNothing);
}

/** A journal that cannot be read still says that an operation was under way; then everything is looked at. */
function parseJournal(text: string): Journal {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && "command" in value && "scope" in value && (value.scope === "all" || Array.isArray(value.scope))) {
      return { command: String(value.command), scope: value.scope };
    }
  } catch {
    // Falls through to the widest scope.
  }
  return { command: "an unknown command", scope: "all" };
}
