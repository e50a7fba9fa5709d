import { runtimeDirectory } from "../workloads/runtime-directory.ts";

/** The hidden verb that main.ts hands to `serveStandby`. */
export const STANDBY_VERB = "__standby";

/** Where the standby process listens. */
export const standbyPath = (): string => `${runtimeDirectory()}/standby`;
