import { readFileSync } from "node:fs";
import { VpcctlError } from "../model/errors.ts";
import { quote } from "../model/quote.ts";

/** The text of a file that was named on the command line; `-` is standard input. Throws InvalidParameterValue. */
export function readInput(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new VpcctlError({ code: "InvalidParameterValue", message: `Cannot read ${quote(file)}: ${message}.`, hint: "Give the path of a file, or - for standard input." });
  }
}
