// What the bench runs, made fresh for each run: nothing measured is ever older than its source.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../scripts/build.mjs";

export const repository = join(import.meta.dir, "../..");
const directory = join(repository, "dist/bench");

export const programs = {
  tool: join(repository, "dist/vpcctl"),
  limit: join(directory, "c-limit"),
  roundTrip: join(directory, "round-trip"),
  /** The runtime's own start: a program without a line, built as the tool is built. */
  empty: join(directory, "empty"),
  shell: join(import.meta.dir, "shell-way.sh"),
};

export function makePrograms(): void {
  for (const name of ["gcc", "nft", "ip", "bridge", "sysctl", "iperf3", "unshare"]) requireProgram(name);
  mkdirSync(directory, { recursive: true });
  // By its file name: the library comes without headers, and the link that a -lnftables would look for comes with those.
  compile("c-limit.c", programs.limit, "-l:libnftables.so.1");
  compile("round-trip.c", programs.roundTrip);
  const source = join(directory, "empty.ts");
  writeFileSync(source, "");
  build(source, programs.empty);
}

function requireProgram(name: string): void {
  if (Bun.which(name, { PATH: searchPath }) === null) throw new Error(`The bench needs ${name}. Get everything it needs with: node scripts/bootstrap.mjs bench`);
}

/** The sbin directories are not in everybody's PATH. */
export const searchPath = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;

function compile(source: string, program: string, ...libraries: readonly string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(["gcc", "-O2", "-Wall", "-o", program, join(import.meta.dir, source), ...libraries], { stderr: "pipe" });
  if (exitCode !== 0) throw new Error(`gcc could not compile ${source}:\n${stderr.toString()}`);
}
