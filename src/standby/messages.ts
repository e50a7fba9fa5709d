// What a caller says to the standby process. The answer is one byte, the exit status; who hears none has not been served (local-caller.ts).

/** A command to carry out. What is around its caller is to be seen in /proc. */
export interface CommandRequest {
  readonly words: readonly string[];
}

/** To end. */
export interface StopRequest {
  readonly stop: true;
}

export type Request = CommandRequest | StopRequest;

export const encodeRequest = (request: Request): Uint8Array => new TextEncoder().encode(JSON.stringify(request));

export const decodeRequest = (payload: Uint8Array): Request => JSON.parse(new TextDecoder().decode(payload)) as Request;

/** Larger messages the kernel does not take by default; then the caller does it by itself. */
export const LARGEST_MESSAGE = 256 * 1024;

/** Milliseconds in which a standby process that is not busy has begun, many times over. */
export const PATIENCE_MS = 250;
