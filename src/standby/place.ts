import { runtimeDirectory } from "../workloads/runtime-directory.ts";

/** The hidden verb that main.ts hands to `serveStandby`. */
export const STANDBY_VERB = "__standby";

/** Directory of the standby process: there while one is, and touched only by who holds it (hold-place.ts). */
export const standbyPlace = (): string => `${runtimeDirectory()}/standby`;

/** Where the standby process listens. */
export const socketIn = (place: string): string => `${place}/socket`;
