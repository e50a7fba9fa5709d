// Makes a new machine ready: npm packages as the lockfile says, the bun binary in its place, Debian packages. Node 20 and npm are all it
// starts from, so it is plain JavaScript without dependencies. When nothing is missing it only looks, and is done in milliseconds.
//
//   node scripts/bootstrap.mjs [build | run | test | bench]      (default: test)
//
// `build` stops at the npm packages. The others add the Debian packages of their purpose: root gets them installed, anybody else
// is told the command. Nothing is skipped silently: what cannot be had ends the run.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { asOwner, isStarted, root } from "./checkout.mjs";
import { needs } from "./needs.mjs";
import { giveUp, say } from "./say.mjs";

/** Each purpose includes those before it. */
const purposes = ["build", "run", "test", "bench"];

/** The runtime, as npm packages it; the program sits behind this name on every system. */
export const bun = join(root, "node_modules/bun/bin/bun.exe");

/** @param {string} purpose one of `purposes` */
export function bootstrap(purpose) {
  if (!purposes.includes(purpose)) giveUp(`Usage: node scripts/bootstrap.mjs [${purposes.join(" | ")}]`, 2);
  checkNode();
  if (!npmPackagesAreCurrent()) installNpmPackages();
  if (!bunIsInPlace()) placeBun();
  const missing = missingNeeds(purpose);
  if (missing.length > 0) installDebianPackages(missing);
}

function checkNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= 20) return;
  giveUp(`vpcctl is built with Node 20 or newer; this is Node ${process.versions.node}.\nInstall a newer one from https://nodejs.org.`, 5);
}

/** Compares the lockfile with the list npm leaves in node_modules: it also notices a lockfile that a pull has changed. */
export function npmPackagesAreCurrent(directory = root) {
  const installedFile = join(directory, "node_modules/.package-lock.json");
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(join(directory, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedFile, "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    // Packages for other processors and systems are optional, and absent here.
    if (installed[path] === undefined) return entry.optional === true;
    return installed[path].integrity === entry.integrity && existsSync(join(directory, path));
  });
}

function installNpmPackages() {
  say("Installing npm packages (once; about 60 MB to download) ...");
  // --loglevel=error: a library may name a newer Node than 20 as its engine, but it is bun that runs it.
  const { status, error } = spawnSync("npm", ["ci", "--ignore-scripts", "--loglevel=error"], { cwd: root, stdio: ["ignore", 2, 2], ...asOwner() });
  if (status !== 0) giveUp(`npm ci failed${error ? ` (${error.message})` : ""}. It needs the npm registry; see the lines above.`);
}

/** npm may or may not have run bun's install script; without it a placeholder of a few hundred bytes stands where the program belongs. */
function bunIsInPlace() {
  return existsSync(bun) && statSync(bun).size > 1_000_000;
}

function placeBun() {
  spawnSync(process.execPath, ["install.js"], { cwd: join(root, "node_modules/bun"), stdio: ["ignore", 2, 2], ...asOwner() });
  const wanted = JSON.parse(readFileSync(join(root, "node_modules/bun/package.json"), "utf8")).version;
  const { stdout, signal, error } = spawnSync(bun, ["--version"], { encoding: "utf8" });
  if (stdout?.trim() === wanted) return;
  const reason = signal ?? error?.message ?? `it says "${stdout?.trim()}"`;
  giveUp(`bun ${wanted} does not run here (${reason}). It exists for Linux on x64 and arm64; delete node_modules and try again.`, 5);
}

/** The packages a purpose lacks on this machine. @param {string} purpose */
export function missingNeeds(purpose) {
  const reach = purposes.indexOf(purpose);
  return needs.filter((need) => purposes.indexOf(need.purpose) <= reach && !isThere(need.proof));
}

/** @param {string} proof */
function isThere(proof) {
  if (proof.startsWith("/")) return existsSync(proof);
  return (proof.includes(".so.") ? libraryDirectories() : programDirectories()).some((directory) => isReadable(join(directory, proof)));
}

function programDirectories() {
  // The sbin directories are not in everybody's PATH, but our programs look there.
  return [...(process.env["PATH"] ?? "").split(":").filter(Boolean), "/usr/sbin", "/sbin", "/usr/bin", "/bin"];
}

function libraryDirectories() {
  const multiarch = existsSync("/usr/lib") ? readdirSync("/usr/lib").filter((name) => name.includes("-linux-gnu")) : [];
  return ["/usr/lib", "/usr/lib64", "/lib", "/lib64", ...multiarch.map((name) => `/usr/lib/${name}`)];
}

/** @param {string} path */
function isReadable(path) {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {readonly import("./needs.mjs").Need[]} missing */
function installDebianPackages(missing) {
  const names = missing.map(({ name }) => name);
  const list = missing.map(({ name, why }) => `  ${name.padEnd(14)} ${why}`).join("\n");
  const command = `apt-get install --yes --no-install-recommends ${names.join(" ")}`;
  if (!isThere("apt-get")) giveUp(`Missing on this machine:\n${list}\nInstall what your system calls these Debian packages, then run this again.`, 5);
  if (process.getuid?.() !== 0) {
    giveUp(`Missing on this machine:\n${list}\nInstall them, then run this again:\n  sudo ${command}\nIf it finds no such packages, first: sudo apt-get update`, 5);
  }
  say(`Installing Debian packages:\n${list}`);
  // A fresh container has no package lists: the first attempt then fails at once and the lists are fetched.
  if (apt(command) || (apt("apt-get update") && apt(command))) return;
  giveUp(`"${command}" failed; see the lines above.`, 5);
}

/** @param {string} command */
function apt(command) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", ["--quiet", ...command.split(" ").slice(1)], { stdio: ["ignore", 2, 2], env }).status === 0;
}

if (isStarted(import.meta.url)) bootstrap(process.argv[2] ?? "test");
