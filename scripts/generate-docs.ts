// Writes the generated blocks of the documents anew. A block stands between two comments and names its generator:
//
//   <!-- generated: packages -->  ...  <!-- /generated -->
//
// scripts/docs/packages.ts exports `generate`, which returns the Markdown in between. A generator may also export `files`, whole files it
// makes (a picture), by path. The blocks `walk-...` are the packets of the guide; all come from scripts/docs/feature-walks.ts. With
// --check nothing is written, and what is not current fails; a test runs that, so the documents stay true.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generateWalks } from "./docs/feature-walks.ts";

interface Generator {
  readonly generate: () => string | Promise<string>;
  readonly files?: () => Readonly<Record<string, string>>;
}

const top = join(import.meta.dir, "..");
const block = /(<!-- generated: ([a-z0-9-]+) -->\n)([\s\S]*?)(<!-- \/generated -->)/g;
const whole = new Map<string, string>();

async function regenerate(path: string, text: string): Promise<string> {
  const found = [...text.matchAll(block)].length;
  // A name that the pattern does not know would be passed over, and never be made anew.
  if (found !== text.split("<!-- generated: ").length - 1) throw new Error(`${path} has a block that is not well formed.`);
  const contents = new Map<string, string>();
  for (const [, , name = ""] of text.matchAll(block)) {
    const { generate, files }: Generator = name.startsWith("walk-") ? { generate: () => generateWalks(name) } : await import(join(top, `scripts/docs/${name}.ts`));
    contents.set(name, `${(await generate()).trim()}\n`);
    for (const [path, content] of Object.entries(files?.() ?? {})) whole.set(path, content);
  }
  return text.replace(block, (_, start: string, name: string, __, end: string) => `${start}\n${contents.get(name)}\n${end}`);
}

const checkOnly = process.argv.includes("--check");
const documents = ["*.md", "docs/**/*.md"].flatMap((pattern) => [...new Bun.Glob(pattern).scanSync(top)]).toSorted();
const stale: string[] = [];

function keep(path: string, current: string): void {
  const file = join(top, path);
  if (existsSync(file) && readFileSync(file, "utf8") === current) return;
  stale.push(path);
  if (checkOnly) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, current);
}

for (const path of documents) keep(path, await regenerate(path, readFileSync(join(top, path), "utf8")));
for (const [path, content] of whole) keep(path, content);
if (stale.length > 0) console.log(checkOnly ? `Not current: ${stale.join(", ")}. Run npm run docs.` : `Written: ${stale.join(", ")}`);
if (checkOnly && stale.length > 0) process.exit(1);
