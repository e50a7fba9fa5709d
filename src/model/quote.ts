/** Foreign text for a line of output: characters that a terminal obeys, and ends of lines, are written as escapes. */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, escapeCharacter);
}

/** Foreign text for use in a sentence: in quotes, control characters escaped (a terminal must not obey them), cut after 80 characters. */
export function quote(text: string): string {
  const short = text.length <= 80 ? text : `${text.slice(0, 80)}...`;
  return JSON.stringify(short).replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
