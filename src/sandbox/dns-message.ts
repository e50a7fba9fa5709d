// The wire format of DNS (RFC 1035), as far as a server needs it that knows addresses only: one question, at most one answer.
// The question is echoed as it came and the answer points back to its name, so nothing has to be encoded.

const HEADER = 12;
const TYPE_A = 1;
const CLASS_IN = 1;
/** QR: a reply. RA: recursion available, or some resolvers complain. */
const REPLY = 0x8080;
const RECURSION_DESIRED = 0x0100;
const OPCODE = 0x7800;
const FORMAT_ERROR = 1;
const NAME_ERROR = 3;
const NOT_IMPLEMENTED = 4;
/** A pointer to the first question's name. */
const NAME_OF_QUESTION = 0xc000 | HEADER;
const SECONDS_TO_KEEP = 60;

interface Question {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  /** Where the question ends in the query. */
  readonly end: number;
}

/**
 * The reply to a query: an address, no error without an address (another record type of a known name), or NXDOMAIN.
 * Undefined when the bytes are no query and silence is the answer.
 */
export function replyTo(query: Uint8Array, lookUp: (name: string) => string | undefined): Uint8Array | undefined {
  const view = new DataView(query.buffer, query.byteOffset, query.byteLength);
  if (query.length < HEADER || (view.getUint16(2) & 0x8000) !== 0) return undefined;
  if ((view.getUint16(2) & OPCODE) !== 0) return message(view, NOT_IMPLEMENTED, HEADER);
  const question = view.getUint16(4) === 1 ? readQuestion(view) : undefined;
  if (question === undefined) return message(view, FORMAT_ERROR, HEADER);
  const address = lookUp(question.name);
  if (address === undefined) return message(view, NAME_ERROR, question.end);
  const isAnswered = question.type === TYPE_A && question.class === CLASS_IN;
  return message(view, 0, question.end, isAnswered ? address : undefined);
}

/** Undefined when it is cut short. A question's name is never compressed. */
function readQuestion(view: DataView): Question | undefined {
  const labels: string[] = [];
  let at = HEADER;
  for (;;) {
    if (at >= view.byteLength) return undefined;
    const length = view.getUint8(at++);
    if (length === 0) break;
    // The two high bits mark a pointer, which has no place here.
    if (length > 63 || at + length > view.byteLength) return undefined;
    labels.push(Buffer.from(view.buffer, view.byteOffset + at, length).toString("latin1"));
    at += length;
  }
  if (at + 4 > view.byteLength) return undefined;
  return { name: labels.join("."), type: view.getUint16(at), class: view.getUint16(at + 2), end: at + 4 };
}

/** Header, the query's bytes up to `end` (its question, or nothing), and the address. */
function message(query: DataView, code: number, end: number, address?: string): Uint8Array {
  const reply = Buffer.alloc(end + (address === undefined ? 0 : 16));
  reply.set(new Uint8Array(query.buffer, query.byteOffset, end));
  reply.writeUInt16BE(REPLY | (query.getUint16(2) & (RECURSION_DESIRED | OPCODE)) | code, 2);
  reply.writeUInt16BE(end > HEADER ? 1 : 0, 4);
  reply.writeUInt16BE(address === undefined ? 0 : 1, 6);
  reply.fill(0, 8, HEADER);
  if (address === undefined) return reply;
  let at = reply.writeUInt16BE(NAME_OF_QUESTION, end);
  at = reply.writeUInt16BE(TYPE_A, at);
  at = reply.writeUInt16BE(CLASS_IN, at);
  at = reply.writeUInt32BE(SECONDS_TO_KEEP, at);
  at = reply.writeUInt16BE(4, at);
  reply.set(address.split(".").map(Number), at);
  return reply;
}
