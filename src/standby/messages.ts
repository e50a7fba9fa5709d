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

/** Undefined for what is no request. */
export function decodeRequest(payload: Uint8Array): Request | undefined {
  try {
    const request = JSON.parse(new TextDecoder().decode(payload)) as Partial<CommandRequest & StopRequest>;
    if (request.stop === true) return { stop: true };
    const { words } = request;
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? { words } : undefined;
  } catch {
    return undefined;
  }
}

/** Larger messages the kernel does not take by default; then the caller does it by itself. */
export const LARGEST_MESSAGE = 256 * 1024;

/** Milliseconds in which a standby process that is not busy has begun, many times over. */
export const PATIENCE_MS = 250;
