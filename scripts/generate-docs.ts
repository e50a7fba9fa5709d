// Writes the generated blocks of the documents anew. A block stands between two comments and names its generator:
//
//   <!-- generated: packages -->  ...  <!-- /generated -->
//
// scripts/docs/packages.ts exports `generate`, which returns the Markdown in between. With --check nothing is written, and a block that is
// not current fails; a test runs that, so the documents stay true.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const top = join(import.meta.dir, "..");
const block = /(<!-- generated: ([a-z-]+) -->\n)([\s\S]*?)(<!-- \/generated -->)/g;

async function regenerate(text: string): Promise<string> {
  const contents = new Map<string, string>();
  for (const [, , name = ""] of text.matchAll(block)) {
    const { generate }: { generate: () => string | Promise<string> } = await import(join(top, `scripts/docs/${name}.ts`));
    contents.set(name, `${(await generate()).trim()}\n`);
  }
  return text.replace(block, (_, start: string, name: string, __, end: string) => `${start}\n${contents.get(name)}\n${end}`);
}

const checkOnly = process.argv.includes("--check");
const documents = ["*.md", "docs/**/*.md"].flatMap((pattern) => [...new Bun.Glob(pattern).scanSync(top)]).toSorted();
const stale: string[] = [];
for (const path of documents) {
  const text = readFileSync(join(top, path), "utf8");
  const current = await regenerate(text);
  if (current === text) continue;
  stale.push(path);
  if (!checkOnly) writeFileSync(join(top, path), current);
}
if (stale.length > 0) console.log(checkOnly ? `Not current: ${stale.join(", ")}. Run npm run docs.` : `Written: ${stale.join(", ")}`);
if (checkOnly && stale.length > 0) process.exit(1);
