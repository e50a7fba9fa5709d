// Files: what node:fs does under these names, by calls into the C library. All calls are synchronous, for a thread may be in another
// namespace while it makes them.
//
// Why not node:fs itself: to load it and to call for the first time the ten functions that a command needs takes 4 ms of the 12 ms that
// a short command takes; this takes one. Nothing in src imports node:fs, node:os or node:path but what runs for seconds anyway.
export { closeSync, fsyncSync, isTerminal, openSync, readSync, writeAll, writeSync } from "./files/descriptor.ts";
export { mkdirSync, readdirSync, readlinkSync, removeTree, rmdirSync, symlinkSync } from "./files/directory.ts";
export { FileError } from "./files/file-error.ts";
export { existsSync, fstatSync, lstatSync, type Stats, statIfThere, statSync } from "./files/status.ts";
export { chmodSync, mayExecute, readFileSync, removeIfThere, renameSync, unlinkSync, writeFileSync } from "./files/whole-file.ts";
