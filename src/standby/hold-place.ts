// The directory of the standby process belongs to one process at a time: to who starts one, to who ends it, or to the standby process itself
// when it goes. Nobody else takes it away, and as long as it is there the runtime directory cannot be taken away either.
import { closeSync, directoryOf, fstatSync, isSameFile, mkdirSync, openIfThere, removeIfEmpty, removeIfThere, statIfThere } from "../kernel/files.ts";
import { fileErrorCode } from "../kernel/errors.ts";
import { lockFile } from "../kernel/flock.ts";
import { socketIn } from "./place.ts";

/** Held until disposed of. `taken`: another has it; `gone`: there is no such directory. */
export type Held = Disposable | "taken" | "gone";

/** `wait`: for as long as another has it. Throws a FileError when it cannot be opened or locked. */
export function holdPlace(place: string, how: "wait" | "try"): Held {
  while (statIfThere(place)?.isDirectory() === true) {
    const directory = openIfThere(place);
    if (directory === undefined) return "gone";
    using opened = new DisposableStack();
    opened.adopt(directory, closeSync);
    if (!lockFile(directory, place, how)) return "taken";
    // Else who had it before has taken the directory away, and another may be there.
    if (isSameFile(fstatSync(directory), statIfThere(place))) return opened.move();
  }
  return "gone";
}

/** Each turn that finds the directory gone is another's that was done with it. What is in the way for good is told after so many. */
const TURNS = 1000;

/** Makes the directory when it is not there. Throws a FileError when that cannot be. */
export function makeAndHoldPlace(place: string): Disposable {
  for (let turn = 1; ; turn++) {
    mkdirSync(directoryOf(place), { recursive: true, mode: 0o755 });
    try {
      mkdirSync(place, { mode: 0o700 });
    } catch (error) {
      const code = fileErrorCode(error);
      // It is there, or the directory above has just been taken away.
      if ((code !== "EEXIST" && code !== "ENOENT") || turn === TURNS) throw error;
    }
    const held = holdPlace(place, "wait");
    if (typeof held !== "string") return held;
  }
}

/** Takes away what is there, for who holds it; what is not the socket of a standby process stays, and the directories with it. */
export function clearPlace(place: string): void {
  if (statIfThere(socketIn(place))?.isSocket() === true) removeIfThere(socketIn(place));
  removeIfEmpty(place);
  removeIfEmpty(directoryOf(place));
}
