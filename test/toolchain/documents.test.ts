import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram, temporaryCheckout } from "./temporary-checkout.ts";

const bun = process.execPath;

test("the generated blocks of the documents are current", () => {
  const { status, stdout } = runProgram([bun, "scripts/generate-docs.ts", "--check"], join(import.meta.dir, "../.."));
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
});

test("a block that is not current is found, and written anew", () => {
  const checkout = temporaryCheckout({ "README.md": "before\n<!-- generated: packages -->\nold\n<!-- /generated -->\nafter\n" });
  const check = () => runProgram([bun, "scripts/generate-docs.ts", "--check"], checkout);
  expect(check()).toMatchObject({ status: 1, stdout: "Not current: README.md. Run npm run docs.\n" });
  expect(runProgram([bun, "scripts/generate-docs.ts"], checkout)).toMatchObject({ status: 0, stdout: "Written: README.md\n" });
  expect(readFileSync(join(checkout, "README.md"), "utf8")).toMatch(/^before\n[\s\S]*\| nftables \| vpcctl \|[\s\S]*\nafter\n$/);
  expect(check()).toMatchObject({ status: 0, stdout: "" });
});
