import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { Address4, Address6 } from "ip-address";
import { formatAddress, formatMac, writeAddress, writeMac } from "./address-text.ts";

function roundTrip(text: string): string {
  const bytes = new Uint8Array(16);
  const length = writeAddress(text, bytes, 0);
  return formatAddress(new DataView(bytes.buffer), 0, length);
}

test("every IPv4 address is read and written as it is", () => {
  fc.assert(fc.property(fc.ipV4(), (text) => roundTrip(text) === new Address4(text).correctForm()));
});

test("every IPv6 address is written in its short form", () => {
  const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(groups, (words) => {
      const text = words.map((word) => word.toString(16)).join(":");
      expect(roundTrip(text)).toBe(new Address6(text).correctForm());
      expect(roundTrip(new Address6(text).correctForm())).toBe(new Address6(text).correctForm());
    }),
  );
});

test("what is no address is refused", () => {
  const bad = ["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1..2.3", "1.2.3.4 ", "a.b.c.d", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "12345::", "1:2:3:4:5:6:7:8::"];
  for (const text of bad) expect(() => roundTrip(text)).toThrow(TypeError);
});

test("a MAC address is six pairs of hexadecimal digits", () => {
  const bytes = new Uint8Array(6);
  writeMac("02:76:0A:00:01:fe", bytes, 0);
  expect(formatMac(new DataView(bytes.buffer), 0)).toBe("02:76:0a:00:01:fe");
  for (const text of ["", "02:76:0a:00:01", "02:76:0a:00:01:4", "02:76:0a:00:01:04:05", "02-76-0a-00-01-04"]) {
    expect(() => writeMac(text, bytes, 0)).toThrow(TypeError);
  }
});
