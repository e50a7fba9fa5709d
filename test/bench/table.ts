/** A table for a terminal: the first column to the left, all others to the right, two spaces between. No trailing spaces. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    widths.map((width, column) => (column === 0 ? (row[column] ?? "").padEnd(width) : (row[column] ?? "").padStart(width))).join("  ").trimEnd();
  return all.map(line).join("\n");
}

/** Three significant digits without an exponent: 0.0123, 1.23, 12.3, 1234. */
export function significant(value: number): string {
  const digits = Math.floor(Math.log10(Math.abs(value) || 1));
  return value.toFixed(Math.max(0, 2 - digits));
}
