import { readFileSync } from "../kernel/files.ts";
import { VpcctlError } from "../model/errors.ts";
import { quote } from "../model/quote.ts";

/** The text of a file that was named on the command line; `-` is standard input. Throws InvalidParameterValue. */
export function readInput(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw unreadable(file, error, "a file");
  }
}

/** InvalidParameterValue for a file that could not be read; what is no error of the file system stays what it is. */
export function unreadable(file: string, error: unknown, wanted: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  // Of `ENOENT: no such file or directory, open 'x'` the middle is for people.
  const reason = message.replace(/^E[A-Z]+: /, "").replace(/, \w+( '.*')?$/s, "");
  return new VpcctlError({ code: "InvalidParameterValue", message: `Cannot read ${quote(file)}: ${reason}.`, hint: `Give the path of ${wanted}, or - for standard input.` });
}
