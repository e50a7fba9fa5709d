// Elements of nftables sets and maps as requests of nf_tables, the kernel's side of nftables. A set itself is made by libnftables, which
// knows the whole language; adding to one and taking from it is what happens all the time, and takes four attributes.
//
// A key of several parts is these parts one after the other, each padded to four bytes. A set of intervals holds, for such a key, the
// lowest and the highest: each part of it is a range of its own.
import { writeAddress, writeMac } from "./address-text.ts";
import type { MessageBuilder } from "./message-builder.ts";
import { writeGenericHeader } from "./nfnetlink.ts";
import { NLM_F_CREATE, type Request } from "./request.ts";

const NFNL_SUBSYS_NFTABLES = 10 << 8;
const NFT_MSG_NEWSETELEM = NFNL_SUBSYS_NFTABLES | 12;
const NFT_MSG_DELSETELEM = NFNL_SUBSYS_NFTABLES | 14;

const NFTA_SET_ELEM_LIST_TABLE = 1;
const NFTA_SET_ELEM_LIST_SET = 2;
const NFTA_SET_ELEM_LIST_ELEMENTS = 3;
const NFTA_LIST_ELEM = 1;
const NFTA_SET_ELEM_KEY = 1;
const NFTA_SET_ELEM_DATA = 2;
const NFTA_SET_ELEM_KEY_END = 10;
const NFTA_DATA_VALUE = 1;
const NFTA_DATA_VERDICT = 2;
const NFTA_VERDICT_CODE = 1;
const NFTA_VERDICT_CHAIN = 2;

const families = { inet: 1, netdev: 5, bridge: 7 } as const;
const verdicts = { drop: 0, accept: 1, jump: -3, goto: -4 } as const;

/** Bytes of each type of nft's that is spoken here. A mark is a number in the host's byte order, all others are in the network's. */
const sizes = { ifname: 16, ether_addr: 6, ipv4_addr: 4, ipv6_addr: 16, inet_proto: 1, inet_service: 2, mark: 4 } as const;
export type FieldType = keyof typeof sizes;

/** How the elements of a set are made. */
export interface SetShape {
  readonly key: readonly FieldType[];
  /** What a map leads to; absent for a set. */
  readonly value?: FieldType | "verdict";
  /** Each part of a key may be a range (`80-90`) or a block (`10.0.0.0/8`). For keys of several parts only. */
  readonly ranges?: true;
}

export interface SetElement {
  readonly family: keyof typeof families;
  readonly table: string;
  readonly set: string;
  /** As nft writes it: `10.0.0.0/8 . 6 . 80-90`. */
  readonly key: string;
  /** For a map, as nft writes it: `goto chain`, `7`. */
  readonly value?: string;
}

/** A request to add or delete an element, for `changeSets`. Adding one that is there is no error, but for a map with another value (EEXIST). */
export function setElement(action: "add" | "delete", element: SetElement, shape: SetShape): Request {
  const { family, table, set, key, value } = element;
  return {
    type: action === "add" ? NFT_MSG_NEWSETELEM : NFT_MSG_DELSETELEM,
    flags: action === "add" ? NLM_F_CREATE : 0,
    describe: `${action} element ${family} ${table} ${set} { ${key}${value === undefined ? "" : ` : ${value}`} }`,
    write(into) {
      writeGenericHeader(into, families[family]);
      into.string(NFTA_SET_ELEM_LIST_TABLE, table);
      into.string(NFTA_SET_ELEM_LIST_SET, set);
      const list = into.nest(NFTA_SET_ELEM_LIST_ELEMENTS);
      const item = into.nest(NFTA_LIST_ELEM);
      writeData(into, NFTA_SET_ELEM_KEY, encodeKey(shape, key, "first"));
      if (shape.ranges === true) writeData(into, NFTA_SET_ELEM_KEY_END, encodeKey(shape, key, "last"));
      if (action === "add" && value !== undefined) writeValue(into, shape, value);
      into.endNest(item);
      into.endNest(list);
    },
  };
}

function writeData(into: MessageBuilder, type: number, bytes: Uint8Array): void {
  const data = into.nest(type);
  into.bytesOf(NFTA_DATA_VALUE, bytes);
  into.endNest(data);
}

function writeValue(into: MessageBuilder, { value: type }: SetShape, text: string): void {
  if (type === undefined) throw new TypeError(`this is no map, and has no place for ${JSON.stringify(text)}`);
  if (type !== "verdict") {
    const bytes = new Uint8Array(sizes[type]);
    writeField(type, text, bytes, 0);
    writeData(into, NFTA_SET_ELEM_DATA, bytes);
    return;
  }
  const [word = "", chain] = text.split(" ");
  if (!Object.hasOwn(verdicts, word)) throw new TypeError(`not a verdict: ${JSON.stringify(text)}`);
  const data = into.nest(NFTA_SET_ELEM_DATA);
  const verdict = into.nest(NFTA_DATA_VERDICT);
  const code = new Uint8Array(4);
  new DataView(code.buffer).setInt32(0, verdicts[word as keyof typeof verdicts]);
  into.bytesOf(NFTA_VERDICT_CODE, code);
  if (chain !== undefined) into.string(NFTA_VERDICT_CHAIN, chain);
  into.endNest(verdict);
  into.endNest(data);
}

/** The lowest or highest key that the text stands for. Throws TypeError when it is not of this shape. */
export function encodeKey({ key: fields, ranges }: SetShape, text: string, end: "first" | "last"): Uint8Array {
  const parts = text.split(" . ");
  if (parts.length !== fields.length) throw new TypeError(`not a key of ${fields.length} parts: ${JSON.stringify(text)}`);
  const bytes = new Uint8Array(fields.length === 1 ? sizes[fields[0] as FieldType] : fields.reduce((sum, field) => sum + padded(field), 0));
  let at = 0;
  for (const [index, field] of fields.entries()) {
    const part = parts[index] ?? "";
    if (ranges === true) writeEnd(field, part, end, bytes, at);
    else writeField(field, part, bytes, at);
    at += padded(field);
  }
  return bytes;
}

const padded = (field: FieldType): number => (sizes[field] + 3) & ~3;

function writeEnd(field: FieldType, text: string, end: "first" | "last", into: Uint8Array, at: number): void {
  const slash = text.indexOf("/");
  if (slash >= 0) {
    writeField(field, text.slice(0, slash), into, at);
    if (end === "last") setBitsFrom(into, at, Number(text.slice(slash + 1)), sizes[field]);
    return;
  }
  const [first = "", last = first] = text.split("-");
  writeField(field, end === "first" ? first : last, into, at);
}

/** All bits behind the prefix. */
function setBitsFrom(bytes: Uint8Array, at: number, prefix: number, size: number): void {
  for (let index = 0; index < size; index++) {
    const kept = Math.min(8, Math.max(0, prefix - 8 * index));
    bytes[at + index] = (bytes[at + index] ?? 0) | (255 >> kept);
  }
}

function writeField(field: FieldType, text: string, into: Uint8Array, at: number): void {
  switch (field) {
    case "ifname": {
      if (text.length >= sizes.ifname) throw new TypeError(`not the name of an interface: ${JSON.stringify(text)}`);
      for (let index = 0; index < text.length; index++) into[at + index] = text.charCodeAt(index);
      return;
    }
    case "ether_addr":
      return writeMac(text, into, at);
    case "ipv4_addr":
    case "ipv6_addr":
      if (writeAddress(text, into, at) !== sizes[field]) throw new TypeError(`not of type ${field}: ${JSON.stringify(text)}`);
      return;
    case "inet_proto":
      into[at] = numberIn(text, 255);
      return;
    case "inet_service":
      return new DataView(into.buffer).setUint16(at, numberIn(text, 65_535));
    case "mark":
      return new DataView(into.buffer).setUint32(at, numberIn(text, 0xffff_ffff), true);
  }
}

function numberIn(text: string, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > most) throw new TypeError(`not a number up to ${most}: ${JSON.stringify(text)}`);
  return number;
}
