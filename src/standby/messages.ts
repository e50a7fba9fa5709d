// What a caller and the standby process say to each other, in this order:
//
//   caller                        standby
//   calls                   -->
//                           <--   READY; anything else: the caller carries its command out by itself
//   request, with its three
//   standard streams        -->
//                           <--   DONE and the exit status
//
// A caller that hears nothing in time goes away before it has sent anything, so a command is never carried out twice. One that hears no
// end of what it has sent says so: it may have been done, or not.

export const READY = 1;
/** It takes nothing from this caller, or could not take this. */
export const NO = 2;
export const DONE = 3;
/** It takes nothing more from anybody. */
export const ENDING = 4;

/** A command, and what of its caller's surroundings is not to be seen in /proc. */
export interface CommandRequest {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** To end. */
export interface StopRequest {
  readonly stop: true;
}

export type Request = CommandRequest | StopRequest;

/** Standard input, output and error: the files that go along. */
export const STREAMS = [0, 1, 2] as const;

export const encodeRequest = (request: Request): Uint8Array => new TextEncoder().encode(JSON.stringify(request));

export const decodeRequest = (payload: Uint8Array): Request => JSON.parse(new TextDecoder().decode(payload)) as Request;

/** Larger messages the kernel does not take by default; then the caller does it by itself. */
export const LARGEST_MESSAGE = 256 * 1024;

/** Milliseconds in which a standby that is not busy says READY, many times over. */
export const PATIENCE_MS = 250;
