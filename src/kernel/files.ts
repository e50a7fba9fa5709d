// Files: what node:fs does under these names, by calls into the C library. All calls are synchronous, for a thread may be in another
// namespace while it makes them.
//
// Why not node:fs itself: to load it costs every command more than most of them take for all else (docs/decisions).
export { closeSync, isTerminal, openIfThere, openSync, readSync, writeAll, writeSync } from "./files/descriptor.ts";
export { directoryOf, mkdirSync, readdirIfThere, readdirSync, readlinkSync, removeIfEmpty, removeTree, rmdirSync, symlinkSync } from "./files/directory.ts";
export { FileError } from "./files/file-error.ts";
export { draftOf, replaceFile } from "./files/replace-file.ts";
export { existsSync, fstatSync, isSameFile, lstatSync, type Stats, statIfThere, statSync } from "./files/status.ts";
export { chmodSync, mayExecute, readFileIfThere, readFileSync, removeIfThere, renameSync, unlinkSync, writeFileSync } from "./files/whole-file.ts";
