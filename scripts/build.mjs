// Builds dist/vpcctl: one executable that holds the runtime, the program and its bytecode.
//
// The old executable works until the new one is whole (written beside it, then renamed). The new one carries the time at which the
// build began, so a source saved while it ran counts as newer and the launcher builds again.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { bootstrap, bun, missingNeeds } from "./bootstrap.mjs";
import { asOwner, isStarted, root } from "./checkout.mjs";
import { giveUp, say } from "./say.mjs";

/** Options of `bun build`, each with its reason. */
export const options = [
  "--compile",
  // Start-up: parsed and compiled ahead of time.
  "--bytecode",
  "--minify",
  // Error classes and the stack traces of bugs keep their names.
  "--keep-names",
  // `await import()` loads its own chunk when it is reached. Without these two, every module costs at start: 3.5 ms became 7.
  "--format=esm",
  "--splitting",
  // The program runs as root in any directory, and no file found there may change what it does.
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-tsconfig",
  "--no-compile-autoload-package-json",
];

/** Builds the executable from src/main.ts, or from another entry to another place (tests do). Ends the process when it cannot. */
export function build(entry = join(root, "src/main.ts"), output = join(root, "dist/vpcctl")) {
  const began = new Date();
  // A directory of its own, because the program's stack traces show the name it was built under.
  const scratch = join(dirname(output), `.build-${process.pid}`);
  const fresh = join(scratch, basename(output));
  removeAbandoned(dirname(output));
  mkdirSync(scratch, { recursive: true });
  const words = ["build", ...options, ...identity(), entry, `--outfile=${fresh}`];
  const { status, stdout, stderr, error } = spawnSync(bun, words, { cwd: root, encoding: "utf8", env: cleanEnvironment() });
  if (status === 0) {
    utimesSync(fresh, began, began);
    renameSync(fresh, output);
  }
  rmSync(scratch, { recursive: true, force: true });
  if (status !== 0) giveUp(`The build failed${error ? ` (${error.message})` : ""}:\n${stdout}${stderr}`);
}

/** A killed build leaves a hundred megabytes behind; the next one takes them away. @param {string} directory */
function removeAbandoned(directory) {
  if (!existsSync(directory)) return;
  const builders = readdirSync(directory).filter((name) => name.startsWith(".build-"));
  const ended = builders.filter((name) => !existsSync(`/proc/${name.slice(".build-".length)}`));
  for (const name of ended) rmSync(join(directory, name), { recursive: true, force: true });
}

/** What `vpcctl --version` says: constants that replace names in the source. */
function identity() {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const described = spawnSync("git", ["describe", "--always", "--dirty", "--exclude=*"], { cwd: root, encoding: "utf8" });
  const commit = described.status === 0 ? described.stdout.trim() : "unknown";
  return [`--define=VPCCTL_VERSION=${JSON.stringify(version)}`, `--define=VPCCTL_COMMIT=${JSON.stringify(commit)}`];
}

/** The environment without the variables by which bun takes options: the same sources give the same program. */
function cleanEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("BUN_") && name !== "NODE_OPTIONS"));
}

/** A checkout may be somebody else's, or on a disk that cannot be written; better told before npm and bun find out in their own ways. */
function checkWritable() {
  const directory = join(root, "dist");
  try {
    accessSync(existsSync(directory) ? directory : root, constants.W_OK);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    const state = existsSync(join(directory, "vpcctl")) ? "dist/vpcctl is older than a source. It still works when started by itself." : "vpcctl is not built yet.";
    giveUp(`${state}\nIt cannot be built here, because ${directory} cannot be written (${code}). Build it as somebody who may: npm run build`, 5);
  }
}

function main() {
  const owner = asOwner();
  if (owner.uid !== undefined) {
    const { status } = spawnSync(process.execPath, [join(root, "scripts/build.mjs")], { stdio: "inherit", ...owner });
    process.exit(status ?? 1);
  }
  checkWritable();
  bootstrap("build");
  say("Building dist/vpcctl ...");
  build();
  for (const { name, why } of missingNeeds("run")) {
    say(`vpcctl needs the Debian package ${name} (${why}): sudo apt-get install ${name}`);
  }
}

if (isStarted(import.meta.url)) main();
