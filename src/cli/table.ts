// Text in columns. Colour codes take no room, so width is counted without them.
const colourCode = /\u001b\[[0-9;]*m/g;

/** Rows with columns aligned and two spaces between; no trailing spaces. The first row may be a heading: style its cells before. */
export function formatTable(rows: readonly (readonly string[])[], indent = ""): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
  }
  const lines = rows.map((row) => {
    const cells = row.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - widthOf(cell)));
    return (indent + cells.join("  ")).trimEnd();
  });
  return lines.map((line) => `${line}\n`).join("");
}

function widthOf(cell: string): number {
  return cell.replace(colourCode, "").length;
}

/** Text broken into lines of at most `width` columns at its spaces, each with the indent. */
export function wrapText(text: string, width: number, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => `${indent}${each}\n`).join("");
}
