// A picture of the results as plain SVG: three log-log panels for the control plane, one of bars for the data plane.

export interface Series {
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly Series[];
}

export interface Bars {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly { readonly label: string; readonly value: number }[];
}

const width = 380;
const height = 300;
const gap = 30;
const left = 62;
const top = 48;
const inner = { width: width - left - 16, height: height - top - 40 };
/** Told apart by lightness too, for print and for the colour-blind. */
const colours = ["#1b1b1b", "#c2410c", "#1d4ed8", "#60a5fa", "#7c3aed"] as const;
/** Of bars: their labels stand beside them, and the legend is not about them. */
const neutral = "#64748b";
const colour = (i: number): string => colours[i % colours.length] ?? colours[0];

/** Two panels a row, legend above. */
export function drawPlot(title: string, panels: readonly Panel[], bars: readonly Bars[]): string {
  const drawn = [...panels.map(drawPanel), ...bars.map(drawBars)];
  const total = { width: 2 * width + 3 * gap, height: 92 + Math.ceil(drawn.length / 2) * (height + gap) };
  const placed = drawn.map((content, i) => `<g transform="translate(${gap + (i % 2) * (width + gap)} ${82 + Math.floor(i / 2) * (height + gap)})">${content}</g>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total.width} ${total.height}" font-family="system-ui, sans-serif" font-size="12" fill="#333">`,
    `<rect width="100%" height="100%" rx="12" fill="#fcfcfb"/>`,
    text(gap, 34, title, `font-size="18" font-weight="600"`),
    legend(labelsOf(panels)),
    ...placed,
    "</svg>",
    "",
  ].join("\n");
}

const labelsOf = (panels: readonly Panel[]): string[] => [...new Set(panels.flatMap(({ series }) => series.map(({ label }) => label)))];

function legend(labels: readonly string[]): string {
  let x = gap;
  return labels
    .map((label, i) => {
      const entry = `<line x1="${x}" y1="58" x2="${x + 22}" y2="58" stroke="${colour(i)}" stroke-width="3"/>${text(x + 28, 62, label)}`;
      x += 52 + label.length * 6.5;
      return entry;
    })
    .join("");
}

/** A logarithmic axis over whole decades. */
export function logScale(values: readonly number[], length: number): { readonly at: (value: number) => number; readonly ticks: readonly number[] } {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    at: (value) => ((Math.log10(value) - low) / (high - low)) * length,
    ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
  };
}

function drawPanel({ title, unit, series }: Panel): string {
  const points = series.flatMap((one) => one.points);
  const x = logScale(points.map((point) => point.x), inner.width);
  const y = logScale(points.map((point) => point.y), inner.height);
  const place = (point: { x: number; y: number }) => `${round(left + x.at(point.x))},${round(top + inner.height - y.at(point.y))}`;
  const rows = y.ticks.map((tick) => grid(left, top + inner.height - y.at(tick), inner.width, withUnit(tick, unit)));
  const columns = x.ticks.map((tick) => text(left + x.at(tick), top + inner.height + 18, plain(tick), `text-anchor="middle"`));
  const lines = series.map(({ points: own }, i) => {
    const dots = own.map((point) => `<circle cx="${place(point).replace(",", `" cy="`)}" r="3.5" fill="${colour(i)}"/>`).join("");
    return `<polyline points="${own.map(place).join(" ")}" fill="none" stroke="${colour(i)}" stroke-width="2"/>${dots}`;
  });
  return [heading(title), ...rows, ...columns, text(left + inner.width / 2, height - 4, "subnets", `text-anchor="middle"`), ...lines].join("\n");
}

function drawBars({ title, unit, bars }: Bars): string {
  const largest = Math.max(...bars.map(({ value }) => value));
  const pitch = inner.height / bars.length;
  const rows = bars.map(({ label, value }, i) => {
    const y = top + i * pitch;
    const length = (value / largest) * (width - 90);
    const bar = `<rect x="12" y="${round(y + 20)}" width="${round(length)}" height="${round(Math.min(18, pitch - 26))}" rx="3" fill="${neutral}"/>`;
    return text(12, y + 14, label) + bar + text(18 + length, y + 34, `${value.toPrecision(3)} ${unit}`, `font-weight="600"`);
  });
  return [heading(title), ...rows].join("\n");
}

const heading = (title: string): string =>
  `<rect width="${width}" height="${height}" rx="8" fill="#fff" stroke="#e7e5e4"/>${text(12, 26, title, `font-weight="600" font-size="14"`)}`;
const grid = (x: number, y: number, length: number, label: string): string =>
  `<line x1="${x}" y1="${round(y)}" x2="${x + length}" y2="${round(y)}" stroke="#e7e5e4"/>${text(x - 6, y + 4, label, `text-anchor="end"`)}`;
const text = (x: number, y: number, content: string, more = ""): string => `<text x="${round(x)}" y="${round(y)}" ${more}>${escape(content)}</text>`;
const escape = (content: string): string => content.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const round = (value: number): number => Math.round(value * 10) / 10;
const withUnit = (value: number, unit: string): string => (unit === "ms" && value >= 1000 ? `${plain(value / 1000)} s` : `${plain(value)} ${unit}`);
const plain = (value: number): string => (value >= 1 ? String(Math.round(value)) : value.toPrecision(1));
