import { expect, test } from "bun:test";
import { drawPlot, logScale } from "./plot.ts";

test("a logarithmic axis covers whole decades and gives each the same length", () => {
  const { at, ticks } = logScale([12, 900], 200);
  expect(ticks).toEqual([10, 100, 1000]);
  expect([at(10), at(100), at(1000)]).toEqual([0, 100, 200]);
});

test("one value alone still has an axis", () => {
  expect(logScale([10], 100).ticks).toEqual([10, 100]);
});

test("a plot names every series once and escapes what it shows", () => {
  const panel = { title: "a < b", unit: "ms", series: [{ label: "C & co", points: [{ x: 10, y: 1 }, { x: 100, y: 20 }] }] };
  const svg = drawPlot("bench", [panel, panel], [{ title: "trips", unit: "us", bars: [{ label: "direct", value: 1.5 }] }]);
  expect(svg.match(/C &amp; co/g)).toHaveLength(1);
  expect(svg).toContain("a &lt; b");
  expect(svg).toContain("1.50 us");
  expect(svg).not.toContain("NaN");
});
