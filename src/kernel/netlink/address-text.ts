// Addresses cross the border of kernel/ as text and travel as bytes. Strict where text comes in: anything odd throws a TypeError,
// because whoever calls the kernel has parsed it long before.

/** Writes an IPv4 or IPv6 address in network byte order; returns its length, 4 or 16. */
export function writeAddress(text: string, into: Uint8Array, at: number): 4 | 16 {
  if (text.includes(":")) {
    writeIpv6(text, into, at);
    return 16;
  }
  let octet = -1;
  let count = 0;
  for (let index = 0; index <= text.length; index++) {
    const code = index === text.length ? DOT : text.charCodeAt(index);
    if (code === DOT) {
      if (octet < 0 || count === 4) throw notAnAddress(text);
      into[at + count++] = octet;
      octet = -1;
    } else {
      // A leading zero would be octal to some readers and decimal to others.
      if (code < ZERO || code > NINE || octet === 0) throw notAnAddress(text);
      octet = (octet < 0 ? 0 : octet * 10) + code - ZERO;
      if (octet > 255) throw notAnAddress(text);
    }
  }
  if (count !== 4) throw notAnAddress(text);
  return 4;
}

const DOT = 46;
const ZERO = 48;
const NINE = 57;

function notAnAddress(text: string): TypeError {
  return new TypeError(`not an IP address: ${JSON.stringify(text)}`);
}

function writeIpv6(text: string, into: Uint8Array, at: number): void {
  const halves = text.split("::");
  if (halves.length > 2) throw notAnAddress(text);
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) throw notAnAddress(text);
  const groups = [...head, ...new Array<string>(missing).fill("0"), ...tail];
  groups.forEach((group, index) => {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) throw notAnAddress(text);
    const value = Number.parseInt(group, 16);
    into[at + 2 * index] = value >> 8;
    into[at + 2 * index + 1] = value & 255;
  });
}

/** Text of the address in `length` (4 or 16) bytes; IPv6 in the short form of RFC 5952. */
export function formatAddress(view: DataView, at: number, length: number): string {
  if (length === 4) return `${view.getUint8(at)}.${view.getUint8(at + 1)}.${view.getUint8(at + 2)}.${view.getUint8(at + 3)}`;
  const groups: number[] = [];
  for (let index = 0; index < 8; index++) groups.push(view.getUint16(at + 2 * index));
  const [start, end] = longestZeros(groups);
  const hex = (part: number[]): string => part.map((group) => group.toString(16)).join(":");
  return end - start < 2 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(end))}`;
}

function longestZeros(groups: readonly number[]): [start: number, end: number] {
  let best: [number, number] = [0, 0];
  let start = 0;
  groups.forEach((group, index) => {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best[1] - best[0]) best = [start, index + 1];
  });
  return best;
}

/** Writes the six bytes of `02:76:0a:00:01:04`. */
export function writeMac(text: string, into: Uint8Array, at: number): void {
  if (!/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(text)) throw new TypeError(`not a MAC address: ${JSON.stringify(text)}`);
  for (let index = 0; index < 6; index++) into[at + index] = Number.parseInt(text.slice(3 * index, 3 * index + 2), 16);
}

/** `02:76:0a:00:01:04` from six bytes. */
export function formatMac(view: DataView, at: number): string {
  let text = "";
  for (let index = 0; index < 6; index++) {
    text += `${index === 0 ? "" : ":"}${view.getUint8(at + index).toString(16).padStart(2, "0")}`;
  }
  return text;
}

/** AF_INET or AF_INET6, whichever the address (or a prefix's address part) belongs to. */
export function familyOf(address: string): number {
  return address.includes(":") ? 10 : 2;
}
