import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** A file of the repository: its path from the top directory, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const top = join(import.meta.dir, "../..");
const notOurs = new Set([".git", "node_modules", "dist", "coverage"]);

/** Every text file of the repository. */
export function repositoryFiles(directory = ""): SourceFile[] {
  return readdirSync(join(top, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(directory, entry.name);
    if (notOurs.has(entry.name)) return [];
    if (entry.isDirectory()) return repositoryFiles(path);
    return /\.(ts|mjs|sh|md|json|c|svg|txt|nft)$|^\.ci\/run$/.test(path) ? [{ path, text: readFileSync(join(top, path), "utf8") }] : [];
  });
}

// `from "x"` after import or export, `import "x"`, `import("x")`, `require("x")`; type imports count as well: they, too, couple two files.
const specifiers = /\bfrom\s*"([^"\n]+)"|\bimport\s*\(?\s*"([^"\n]+)"|\brequire\(\s*"([^"\n]+)"/g;

/** What a file imports: our own files as paths from the top directory, everything else as it is written. */
export function importsOf({ path, text }: SourceFile): string[] {
  const found = withoutComments(text).matchAll(specifiers);
  return [...found].map(([, from, plain, required]) => {
    const specifier = from ?? plain ?? required ?? "";
    return specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : specifier;
  });
}

/** Blanks whole-line comments and keeps the line breaks; a comment behind code stays, and harms nobody. */
export function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, (comment) => comment.replace(/[^\n]/g, ""));
}

/** Whether a file is a test, or lives with the tests. */
export function isTest({ path }: SourceFile): boolean {
  return path.endsWith(".test.ts") || path.startsWith("test/");
}
