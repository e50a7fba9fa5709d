import type { MessageBuilder } from "./message-builder.ts";

/** One change to ask of the kernel. Made by pure functions, written into a socket's buffer when it is sent. */
export interface Request {
  readonly type: number;
  /** Besides NLM_F_REQUEST, which the socket adds. */
  readonly flags: number;
  /** For errors, to be read after "Cannot": `create link eth0`. */
  readonly describe: string;
  /** Writes everything behind the message header. */
  write(into: MessageBuilder): void;
}

export const NLM_F_REQUEST = 0x001;
export const NLM_F_ACK = 0x004;
export const NLM_F_DUMP = 0x300;
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
