import { expect, test } from "bun:test";
import { parseOptions } from "./options.ts";

test("without options the three sizes are measured three times", () => {
  expect(parseOptions([])).toEqual({ sizes: [10, 100, 1000], rounds: 3, publish: false });
});

test("sizes come out ascending, and later options win over --quick", () => {
  expect(parseOptions(["--quick", "--sizes", "50,5", "--publish"])).toEqual({ sizes: [5, 50], rounds: 2, publish: true });
});

test.each([[["--sizes", "0"]], [["--sizes", "10,x"]], [["--rounds"]], [["--sizes", "2000"]], [["--fast"]]])("%p is refused", (words) => {
  expect(() => parseOptions(words)).toThrow();
});
