// The World as a file: JSON with a checksum of the World's own text. What carries the right checksum was written by vpcctl and was valid
// then, so it is not examined again: at 1,000 subnets that examination would be a third of the time of `vpcctl list`. A file that somebody
// edited has a wrong checksum and is examined in full.
import { VpcctlError } from "../model/errors.ts";
import { migrateWorld } from "../model/migrate.ts";
import { validateWorld } from "../model/validate.ts";
import type { World } from "../model/world.ts";

/**
 * The file as this process last read or wrote it, for a process that carries out several commands. A text stands for one World, so this
 * cannot be out of date; and what has been worked out for a World (indexes, facts of the compiler) is found again with the very same one.
 */
let last: { readonly text: string; readonly world: World } | undefined;

export function formatWorldFile(world: World): string {
  const json = JSON.stringify(world);
  const text = `{"checksum":"${checksum(json)}","world":${json}}\n`;
  last = { text, world };
  return text;
}

/** Throws StoreCorrupt or StoreTooNew; `path` is for the message. */
export function parseWorldFile(text: string, path: string): World {
  if (text !== last?.text) last = { text, world: parse(text, path) };
  return last.world;
}

function parse(text: string, path: string): World {
  const match = /^\{"checksum":"([0-9a-f]+)","world":/.exec(text);
  const world = match === null ? undefined : text.slice(match[0].length, text.lastIndexOf("}"));
  if (match !== null && world !== undefined && checksum(world) === match[1]) return migrateWorld(JSON.parse(world) as World);
  return migrateWorld(validateWorld(parseEdited(text, path)));
}

/** Not against malice, which could change it too: against a hand edit that goes unnoticed. */
const checksum = (text: string): string => Bun.hash.crc32(text).toString(16);

function parseEdited(text: string, path: string): unknown {
  try {
    const file: unknown = JSON.parse(text);
    return typeof file === "object" && file !== null && "world" in file ? file.world : file;
  } catch (error) {
    throw new VpcctlError({
      code: "StoreCorrupt",
      message: `${path} is not valid JSON.`,
      hint: "Restore it from a backup, or remove everything that runs and start anew: vpcctl cleanup",
      cause: error,
    });
  }
}
