// Where the checkout is and whose it is. Root may run these scripts in somebody else's checkout; what is written there must then
// stay that person's, so every program that writes into the checkout is started as its owner.
import { readFileSync, realpathSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The top directory of the checkout, without a slash at its end. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/**
 * Options for child_process that make a program run as the owner of the checkout; empty unless we are root and the owner is not.
 * @param {number | undefined} user who we are
 * @param {{ uid: number, gid: number }} owner
 * @returns {{ uid?: number, gid?: number, env?: NodeJS.ProcessEnv }}
 */
export function asOwner(user = process.getuid?.(), { uid, gid } = statSync(root)) {
  if (user !== 0 || uid === 0) return {};
  // Node drops root's supplementary groups together with the uid. HOME decides where npm keeps its cache.
  return { uid, gid, env: { ...process.env, HOME: homeOf(uid) } };
}

/** @param {number} uid */
function homeOf(uid) {
  const entries = readFileSync("/etc/passwd", "utf8").split("\n").map((line) => line.split(":"));
  return entries.find((entry) => entry[2] === String(uid))?.[5] ?? root;
}

/** Whether a script was started itself, and not imported by another. @param {string} url the script's `import.meta.url` */
export function isStarted(url) {
  return process.argv[1] !== undefined && fileURLToPath(url) === realpathSync(process.argv[1]);
}
