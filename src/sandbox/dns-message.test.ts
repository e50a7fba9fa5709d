import { describe, expect, test } from "bun:test";
import { replyTo } from "./dns-message.ts";
import { lookUp } from "./make-believe.ts";

const TYPE_A = 1;
const TYPE_AAAA = 28;

/** A query as resolvers send it: number 0x0102, recursion desired. */
function query(name: string, type = TYPE_A): Buffer {
  const labels = name.split(".").map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([Buffer.from("010201000001000000000000", "hex"), ...labels, Buffer.from([0, 0, type, 0, 1])]);
}

function reply(message: Uint8Array): Buffer {
  const answer = replyTo(message, lookUp);
  if (answer === undefined) throw new Error("no reply");
  return Buffer.from(answer);
}

const code = (answer: Buffer): number => answer.readUInt16BE(2) & 15;
const answers = (answer: Buffer): number => answer.readUInt16BE(6);

describe("a reply", () => {
  test("carries the query's number and question, and the address behind a pointer to the name", () => {
    const question = query("www.google.com");
    const answer = reply(question);
    expect(answer.subarray(0, 2)).toEqual(question.subarray(0, 2));
    expect(answer.subarray(12, question.length)).toEqual(question.subarray(12));
    expect(answer.subarray(question.length).toString("hex")).toBe("c00c000100010000003c0004c6336450");
    expect([code(answer), answers(answer)]).toEqual([0, 1]);
  });

  test("says that a name does not exist", () => {
    expect([code(reply(query("nowhere.test"))), answers(reply(query("nowhere.test")))]).toEqual([3, 0]);
  });

  test("has no error and no address for another record type of a name that exists", () => {
    expect([code(reply(query("www.google.com", TYPE_AAAA))), answers(reply(query("www.google.com", TYPE_AAAA)))]).toEqual([0, 0]);
  });

  test("finds names whatever their case, and any name below .example", () => {
    expect(answers(reply(query("WWW.Google.COM")))).toBe(1);
    expect(answers(reply(query("a.b.example")))).toBe(1);
    expect(answers(reply(query("notexample")))).toBe(0);
  });

  test("says that it understands nothing but plain questions", () => {
    expect(code(reply(Buffer.from("010221000001000000000000", "hex")))).toBe(4);
  });
});

describe("what is no well-formed question", () => {
  test("is answered with a format error at every length it may be cut to", () => {
    const whole = query("www.google.com");
    for (let length = 12; length < whole.length; length++) expect(code(reply(whole.subarray(0, length)))).toBe(1);
  });

  test("is met with silence when it is not even a header, or is a reply itself", () => {
    expect(replyTo(new Uint8Array(11), lookUp)).toBeUndefined();
    expect(replyTo(Buffer.from("010281000001000000000000", "hex"), lookUp)).toBeUndefined();
  });

  test("is a format error when its name is compressed", () => {
    expect(code(reply(Buffer.from("010201000001000000000000c00c00010001", "hex")))).toBe(1);
  });
});
