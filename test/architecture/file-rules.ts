// Rules about one file at a time. Each row finds what breaks it and says so in one sentence per place.
import { importsOf, isTest, type SourceFile, withoutComments } from "./source-file.ts";

interface FileRule {
  readonly name: string;
  readonly broken: (file: SourceFile) => string[];
}

const longestFile = 200;
/** What the editor wraps at is less; this is where a line no longer fits beside another file. */
const longestLine = 180;

/** Files that may be longer, with the reason: one flat table each. */
const longFiles: Readonly<Record<string, string>> = {
  "src/cli/other-commands.ts": "the table of commands",
  "scripts/docs/feature-walks.ts": "the table of packets in the guide",
};

const ffiFiles: readonly string[] = ["src/kernel/libc.ts", "src/kernel/libnftables.ts"];
/** Milliseconds of every command, for what a few calls do as well: docs/decisions/files-by-the-c-library.md. */
const slowToLoad: Readonly<Record<string, string>> = { "node:fs": "kernel/files.ts", "node:os": "kernel/errno.ts and kernel/signals.ts", "node:path": "a template string" };
const endsProcess = /\bprocess\.(exit|abort|reallyExit)\b/;
const vagueName = /^(utils?|helpers?|common|manager|service|misc|shared)$/;
const restingTest = /\b(?:test|it|describe)\.(?:skip|skipIf|todo|todoIf|only|onlyIf|if)\b/;
// Spelled in pieces so that this file keeps its own rule.
const homes = [["wo", "rk"], ["ro", "ot"], ["ho", "me/[a-z]+"], ["Us", "ers/[a-z]+"]].map((pieces) => pieces.join(""));
const machinePath = new RegExp(`(?<![\\w.$}-])/(?:${homes.join("|")})/`);
const plainLine = new RegExp(`^(?!.*[\\t\\r])(?!.*\\s$).{0,${longestLine}}$`);

export const fileRules: readonly FileRule[] = [
  { name: "only two files call into C", broken: foreignCalls },
  { name: "nothing slow to load is imported", broken: slowImports },
  { name: "only main ends the process", broken: processEnds },
  { name: "names say what a file does", broken: vagueNames },
  {
    name: "names are kebab-case",
    broken: ({ path }) => (isScript(path) && !/^[a-z0-9./-]+$/.test(path) ? [`${path} is not kebab-case`] : []),
  },
  { name: "files stay short", broken: brokenLength },
  {
    name: "no test rests",
    broken: (file) => (file.path.endsWith(".test.ts") ? places(file, restingTest, "every test runs, on every machine") : []),
  },
  {
    name: "nothing names a place of one machine",
    broken: (file) => places(file, machinePath, "names a directory that exists on one machine only"),
  },
  { name: "lines are plain", broken: roughLines },
];

function foreignCalls(file: SourceFile): string[] {
  if (ffiFiles.includes(file.path) || isTest(file) || !importsOf(file).includes("bun:ffi")) return [];
  return [`${file.path} imports bun:ffi: foreign calls live in ${ffiFiles.join(" and ")}`];
}

function slowImports(file: SourceFile): string[] {
  if (!file.path.startsWith("src/") || isTest(file)) return [];
  return importsOf(file).flatMap((target) => {
    const instead = slowToLoad[target];
    return instead === undefined ? [] : [`${file.path} imports ${target}, which is slow to load: ${instead} has what is needed`];
  });
}

function processEnds(file: SourceFile): string[] {
  if (!file.path.startsWith("src/") || file.path === "src/main.ts" || isTest(file)) return [];
  const code = { path: file.path, text: withoutComments(file.text) };
  return places(code, endsProcess, "ends the process: throw or return instead, only src/main.ts may");
}

function vagueNames({ path }: SourceFile): string[] {
  const names = path.split("/").map((part) => part.replace(/\..*$/, ""));
  return names.filter((name) => vagueName.test(name)).map((name) => `${path} is called ${name}, which says nothing: name what it does`);
}

function brokenLength({ path, text }: SourceFile): string[] {
  if (!isScript(path)) return [];
  const count = text.split("\n").length - 1;
  const reason = longFiles[path];
  if (count > longestFile && reason === undefined) {
    return [`${path} has ${count} lines: split it, or, if it is one flat table, list it with the reason (at most ${longestFile})`];
  }
  if (count > longestFile || reason === undefined) return [];
  return [`${path} is listed as a long file and has ${count} lines: take it off the list`];
}

function roughLines(file: SourceFile): string[] {
  if (!isScript(file.path)) return [];
  const rough = file.text.split("\n").flatMap((line, index) => (plainLine.test(line) ? [] : [index + 1]));
  return rough.map((number) => `${file.path}:${number} is longer than ${longestLine} characters, or holds a tab or a space at its end`);
}

/** One sentence for each line that matches. */
function places({ path, text }: SourceFile, pattern: RegExp, says: string): string[] {
  return text.split("\n").flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${says}`] : []));
}

function isScript(path: string): boolean {
  return /\.(ts|mjs)$/.test(path);
}
