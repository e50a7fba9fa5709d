import { expect, test } from "bun:test";
import { formatTable, significant } from "./table.ts";

test("the first column keeps to the left and numbers to the right", () => {
  expect(formatTable(["what", "ms"], [["create", "9"], ["list", "1234"]])).toBe("what      ms\ncreate     9\nlist    1234");
});

test("a row may be short, and no line ends in spaces", () => {
  expect(formatTable(["a", "b", "c"], [["x"], ["y", "1", "2"]])).toBe("a  b  c\nx\ny  1  2");
});

test.each([
  [0.01234, "0.0123"],
  [1.2345, "1.23"],
  [12.345, "12.3"],
  [123.45, "123"],
  [12345.6, "12346"],
  [0, "0.00"],
])("%p is written with three significant digits", (value, text) => {
  expect(significant(value)).toBe(text);
});
