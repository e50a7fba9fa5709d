// Writes netlink messages one after another into one buffer: header, fixed part, attributes (length, type, value, padded to four
// bytes). Nothing is allocated per message or attribute; lengths are filled in when a message or nest is closed.
// Numbers are in the host's byte order, which is little-endian on every machine this runs on.
import { writeAddress, writeMac } from "./address-text.ts";

const HEADER = 16;
const NLA_F_NESTED = 0x8000;
const utf8 = new TextEncoder();

export class MessageBuilder {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;
  #start = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#position;
  }

  clear(): void {
    this.#position = 0;
  }

  /** Opens a message; the socket fills in flags and sequence number when it closes it. */
  begin(type: number): void {
    this.#start = this.#position;
    this.#view.setUint32(this.#start, 0, true);
    this.#view.setUint16(this.#start + 4, type, true);
    this.#view.setUint32(this.#start + 12, 0, true);
    this.#position += HEADER;
  }

  end(flags: number, sequence: number): void {
    this.#view.setUint32(this.#start, this.#position - this.#start, true);
    this.#view.setUint16(this.#start + 6, flags, true);
    this.#view.setUint32(this.#start + 8, sequence, true);
  }

  /** Adds flags to the message that was closed last. */
  addFlags(flags: number): void {
    this.#view.setUint16(this.#start + 6, this.#view.getUint16(this.#start + 6, true) | flags, true);
  }

  // The fixed part behind the header, field by field.

  byte(value: number): void {
    this.#view.setUint8(this.#position++, value);
  }

  short(value: number): void {
    this.#view.setUint16(this.#position, value, true);
    this.#position += 2;
  }

  word(value: number): void {
    this.#view.setUint32(this.#position, value, true);
    this.#position += 4;
  }

  // Attributes.

  u8(type: number, value: number): void {
    this.#attribute(type, 1);
    this.#view.setUint8(this.#position, value);
    this.#close(1);
  }

  u16(type: number, value: number): void {
    this.#attribute(type, 2);
    this.#view.setUint16(this.#position, value, true);
    this.#close(2);
  }

  u32(type: number, value: number): void {
    this.#attribute(type, 4);
    this.#view.setUint32(this.#position, value, true);
    this.#position += 4;
  }

  /** NUL-terminated, as the kernel wants names. */
  string(type: number, text: string): void {
    const value = this.#position + 4;
    let length = 0;
    for (; length < text.length; length++) {
      const code = text.charCodeAt(length);
      if (code > 127) {
        length = utf8.encodeInto(text, this.bytes.subarray(value)).written;
        break;
      }
      this.#view.setUint8(value + length, code);
    }
    this.#attribute(type, length + 1);
    this.#view.setUint8(value + length, 0);
    this.#close(length + 1);
  }

  /** An IPv4 or IPv6 address from its text. */
  address(type: number, text: string): void {
    const length = writeAddress(text, this.bytes, this.#position + 4);
    this.#attribute(type, length);
    this.#position += length;
  }

  /** A MAC address from its text. */
  mac(type: number, text: string): void {
    writeMac(text, this.bytes, this.#position + 4);
    this.#attribute(type, 6);
    this.#close(6);
  }

  /** Bytes as they are. */
  bytesOf(type: number, value: Uint8Array): void {
    this.bytes.set(value, this.#position + 4);
    this.#attribute(type, value.length);
    this.#close(value.length);
  }

  /** Opens an attribute that holds attributes (or a fixed part and attributes); returns what `endNest` wants. */
  nest(type: number): number {
    const start = this.#position;
    this.#attribute(type | NLA_F_NESTED, 0);
    return start;
  }

  /** Opens an attribute that is a C structure, written field by field; returns what `endNest` wants. */
  structure(type: number): number {
    const start = this.#position;
    this.#attribute(type, 0);
    return start;
  }

  endNest(start: number): void {
    this.#view.setUint16(start, this.#position - start, true);
  }

  #attribute(type: number, length: number): void {
    this.#view.setUint32(this.#position, (type << 16) | (length + 4), true);
    this.#position += 4;
  }

  /** Steps over a value and zeroes its padding. */
  #close(length: number): void {
    this.#position += length;
    while ((this.#position & 3) !== 0) this.#view.setUint8(this.#position++, 0);
  }
}
