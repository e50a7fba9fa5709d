// Files that are replaced as a whole.
import { closeSync, fsyncSync, openSync, writeAll } from "./descriptor.ts";
import { chmodSync, removeIfThere, renameSync } from "./whole-file.ts";

/** Where the new content is written before it takes the old one's place; a killed command leaves it behind. */
export const draftOf = (path: string): string => `${path}.new`;

export interface Replacement {
  /** `to the disk` also survives a loss of power. */
  readonly safety: "to the disk" | "in memory";
  /** Whatever the umask; 0644 less the umask when absent. */
  readonly mode?: number;
}

/**
 * Puts `text` in the place of a file's content: all of it or, whatever happens, none. Throws the file system's error (ENOSPC, EROFS) with the
 * old content untouched.
 */
export function replaceFile(path: string, text: string, { safety, mode }: Replacement): void {
  const draft = draftOf(path);
  try {
    const fd = openSync(draft, "w", 0o644);
    try {
      writeAll(fd, text);
      if (safety === "to the disk") fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    if (mode !== undefined) chmodSync(draft, mode);
    renameSync(draft, path);
  } catch (error) {
    removeIfThere(draft);
    throw error;
  }
}
