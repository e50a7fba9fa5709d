// Reads attributes where they lie in the receive buffer, without building anything: a look-up is a walk over at most some forty
// headers, cheaper than a map of which most entries are never asked for. The buffer is reused, so keep values, never an Attributes.
import { formatAddress, formatMac } from "./address-text.ts";

// The two top bits of a type say "nested" and "network byte order".
const TYPE_MASK = 0x3fff;
const text = new TextDecoder();

export class Attributes {
  readonly view: DataView;
  readonly #start: number;
  readonly #end: number;
  /** Set by `#find`. */
  #length = 0;

  constructor(view: DataView, start: number, end: number) {
    this.view = view;
    this.#start = start;
    this.#end = end;
  }

  /** Offset of the value, or -1. */
  #find(type: number): number {
    let at = this.#start;
    while (at + 4 <= this.#end) {
      const length = this.view.getUint16(at, true);
      if (length < 4) return -1;
      if ((this.view.getUint16(at + 2, true) & TYPE_MASK) === type) {
        this.#length = length - 4;
        return at + 4;
      }
      at += (length + 3) & ~3;
    }
    return -1;
  }

  has(type: number): boolean {
    return this.#find(type) >= 0;
  }

  u8(type: number): number | undefined {
    const at = this.#find(type);
    return at < 0 ? undefined : this.view.getUint8(at);
  }

  u16(type: number): number | undefined {
    const at = this.#find(type);
    return at < 0 ? undefined : this.view.getUint16(at, true);
  }

  u32(type: number): number | undefined {
    const at = this.#find(type);
    return at < 0 ? undefined : this.view.getUint32(at, true);
  }

  i32(type: number): number | undefined {
    const at = this.#find(type);
    return at < 0 ? undefined : this.view.getInt32(at, true);
  }

  /** Up to the NUL that ends it. */
  string(type: number): string | undefined {
    const at = this.#find(type);
    if (at < 0) return undefined;
    const bytes = new Uint8Array(this.view.buffer, this.view.byteOffset + at, this.#length);
    const end = bytes.indexOf(0);
    return text.decode(end < 0 ? bytes : bytes.subarray(0, end));
  }

  /** An IPv4 or IPv6 address as text. */
  address(type: number): string | undefined {
    const at = this.#find(type);
    return at >= 0 && (this.#length === 4 || this.#length === 16) ? formatAddress(this.view, at, this.#length) : undefined;
  }

  /** A MAC address as text; undefined for link addresses of other lengths. */
  mac(type: number): string | undefined {
    const at = this.#find(type);
    return at >= 0 && this.#length === 6 ? formatMac(this.view, at) : undefined;
  }

  nested(type: number): Attributes | undefined {
    const at = this.#find(type);
    return at < 0 ? undefined : new Attributes(this.view, at, at + this.#length);
  }

  /** Word number `index` of a value that is an array of 32-bit numbers. */
  wordAt(type: number, index: number): number | undefined {
    const at = this.#find(type);
    return at < 0 || 4 * index + 4 > this.#length ? undefined : this.view.getUint32(at + 4 * index, true);
  }
}
