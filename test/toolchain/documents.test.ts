import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { walkBlocks } from "../../scripts/docs/feature-walks.ts";
import { runProgram, temporaryCheckout } from "./temporary-checkout.ts";

const bun = process.execPath;
const top = join(import.meta.dir, "../..");

/** Links and pictures of a document that lead to a place in the repository. */
const localLinks = (text: string): string[] => [...text.matchAll(/\]\((?!https?:)([^)#\s]+)[^)]*\)/g)].map(([, path = ""]) => path);

test("every link in the documents leads to something", () => {
  const documents = ["*.md", "docs/**/*.md", "test/**/*.md"].flatMap((pattern) => [...new Bun.Glob(pattern).scanSync(top)]);
  const links = documents.flatMap((document) => localLinks(readFileSync(join(top, document), "utf8")).map((path) => ({ document, path })));
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter(({ document, path }) => !existsSync(join(top, dirname(document), path)))).toEqual([]);
});

test("every page of the guide follows a packet, as the kernel saw it", () => {
  const walk = /<!-- generated: (walk-[a-z0-9-]+) -->\n\n## A packet's walk: /;
  const pages = [...new Bun.Glob("docs/guide/*.md").scanSync(top)];
  expect(pages.length).toBeGreaterThan(10);
  expect(pages.filter((page) => !walk.test(readFileSync(join(top, page), "utf8")))).toEqual([]);
});

test("every walk has a place in the guide, once", () => {
  const places = [...new Bun.Glob("docs/guide/*.md").scanSync(top)].flatMap((page) =>
    [...readFileSync(join(top, page), "utf8").matchAll(/<!-- generated: (walk-[a-z0-9-]+) -->/g)].map(([, name = ""]) => name),
  );
  expect(places.toSorted()).toEqual(walkBlocks.toSorted());
});

test("the generated blocks of the documents are current", () => {
  const { status, stdout } = runProgram([bun, "scripts/generate-docs.ts", "--check"], top);
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  // It runs the tutorial and traces packets, which takes its seconds.
}, 60_000);

test("a block that is not current is found, and written anew", () => {
  const checkout = temporaryCheckout({ "README.md": "before\n<!-- generated: packages -->\nold\n<!-- /generated -->\nafter\n" });
  const check = () => runProgram([bun, "scripts/generate-docs.ts", "--check"], checkout);
  expect(check()).toMatchObject({ status: 1, stdout: "Not current: README.md. Run npm run docs.\n" });
  expect(runProgram([bun, "scripts/generate-docs.ts"], checkout)).toMatchObject({ status: 0, stdout: "Written: README.md\n" });
  expect(readFileSync(join(checkout, "README.md"), "utf8")).toMatch(/^before\n[\s\S]*\| nftables \| vpcctl \|[\s\S]*\nafter\n$/);
  expect(check()).toMatchObject({ status: 0, stdout: "" });
});

test("a block that no pattern finds is an error, not one that is always current", () => {
  for (const text of ["<!-- generated: packages -->\nold\n", "<!-- generated: Packages -->\nold\n<!-- /generated -->\n"]) {
    const { status, stderr } = runProgram([bun, "scripts/generate-docs.ts", "--check"], temporaryCheckout({ "README.md": text }));
    expect([status, stderr.includes("README.md has a block that is not well formed.")]).toEqual([1, true]);
  }
});

test("a file that a generator makes is kept current as well", () => {
  const generator = 'export const generate = () => "text";\nexport const files = () => ({ "docs/images/made.svg": "<svg/>\\n" });\n';
  const checkout = temporaryCheckout({ "README.md": "<!-- generated: made -->\n\ntext\n\n<!-- /generated -->\n", "scripts/docs/made.ts": generator });
  const check = () => runProgram([bun, "scripts/generate-docs.ts", "--check"], checkout);
  expect(check()).toMatchObject({ status: 1, stdout: "Not current: docs/images/made.svg. Run npm run docs.\n" });
  expect(runProgram([bun, "scripts/generate-docs.ts"], checkout)).toMatchObject({ status: 0, stdout: "Written: docs/images/made.svg\n" });
  expect(readFileSync(join(checkout, "docs/images/made.svg"), "utf8")).toBe("<svg/>\n");
  expect(check()).toMatchObject({ status: 0, stdout: "" });
});
