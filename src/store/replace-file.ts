import { closeSync, fsyncSync, openSync, removeIfThere, renameSync, writeAll } from "../kernel/files.ts";

/** Where the new content is written before it takes the old one's place; a killed command leaves it behind. */
export const draftOf = (path: string): string => `${path}.new`;

/**
 * Puts `text` in the place of a file's content: all of it or, whatever happens, none. `to the disk` also survives a loss of power.
 * Throws the file system's error (ENOSPC, EROFS) with the old content untouched.
 */
export function replaceFile(path: string, text: string, safety: "to the disk" | "in memory"): void {
  const draft = draftOf(path);
  try {
    const fd = openSync(draft, "w", 0o644);
    try {
      writeAll(fd, text);
      if (safety === "to the disk") fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, path);
  } catch (error) {
    removeIfThere(draft);
    throw error;
  }
}
