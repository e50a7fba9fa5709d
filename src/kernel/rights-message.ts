// A message that carries the right to open files from one process to another (unix(7), SCM_RIGHTS), as `sendmsg` and `recvmsg` take it on
// 64-bit machines.
import { addressOf } from "./libc.ts";

const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;

/** Bytes of `struct msghdr`, and of `struct cmsghdr` before its data. */
const MESSAGE = 56;
const HEADER = 16;
const DESCRIPTOR = 4;
/** A control message fills whole words. */
const WORD = 8;

// struct msghdr in words: name, its length, vector, its length, control, its length, flags.
const VECTOR = 2;
const CONTROL_LENGTH = 5;
const FLAGS = 6;

const MSG_CTRUNC = 0x8;
const MSG_TRUNC = 0x20;

/** A `struct msghdr` with all that it points at: keep the whole of it until the call is over. */
export interface RightsMessage {
  readonly message: BigUint64Array;
  readonly payload: Uint8Array;
  readonly vector: BigUint64Array;
  readonly control: DataView;
}

/** For `sendmsg`: the bytes, of which there must be one at least, and the files that go along. */
export function rightsMessage(payload: Uint8Array, files: readonly number[]): RightsMessage {
  const built = emptyMessage(payload, files.length);
  const { control, message } = built;
  const length = HEADER + DESCRIPTOR * files.length;
  control.setBigUint64(0, BigInt(length), true);
  control.setInt32(8, SOL_SOCKET, true);
  control.setInt32(12, SCM_RIGHTS, true);
  for (let at = 0; at < files.length; at++) control.setInt32(HEADER + DESCRIPTOR * at, files[at] ?? -1, true);
  message[CONTROL_LENGTH] = BigInt(length);
  return built;
}

/** For `recvmsg`: room for the payload and for so many files. */
export function emptyMessage(payload: Uint8Array, files: number): RightsMessage {
  const vector = new BigUint64Array([addressOf(payload), BigInt(payload.length)]);
  const space = new Uint8Array(HEADER + Math.ceil((DESCRIPTOR * files) / WORD) * WORD);
  // Before its address is asked for: who looks at the buffer of a small array moves it.
  const control = new DataView(space.buffer);
  const message = new BigUint64Array(MESSAGE / WORD);
  message.set([addressOf(vector), 1n, addressOf(space), BigInt(space.length)], VECTOR);
  return { message, payload, vector, control };
}

/** The files that have come with a message: open in this process now, and its to close. */
export function receivedFiles({ message, control }: RightsMessage): number[] {
  const given = Number(message[CONTROL_LENGTH] ?? 0n);
  if (given < HEADER || control.getInt32(8, true) !== SOL_SOCKET || control.getInt32(12, true) !== SCM_RIGHTS) return [];
  const length = Number(control.getBigUint64(0, true));
  return Array.from({ length: (length - HEADER) / DESCRIPTOR }, (_, at) => control.getInt32(HEADER + DESCRIPTOR * at, true));
}

/** True when there was more than there was room for, of bytes or of files. */
export const isCutOff = ({ message }: RightsMessage): boolean => ((message[FLAGS] ?? 0n) & BigInt(MSG_CTRUNC | MSG_TRUNC)) !== 0n;
