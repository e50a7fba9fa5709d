// The first program inside a new sandbox: turns empty namespaces into a host, tells so, and stays as the services of its internet.
import { closeSync, openSync, writeAll } from "../kernel/files.ts";
import { sandboxDirectory } from "./make-believe.ts";
import { setUpFiles } from "./set-up-files.ts";
import { setUpNetwork } from "./set-up-network.ts";

/** The hidden command that runs `initSandbox`. */
export const INIT_VERB = "__sandbox-init";

/** Said on standard output when the host is complete. */
export const READY = "ready";

export interface InitRequest {
  readonly internet: boolean;
  /** Program and arguments that start vpcctl. */
  readonly self: readonly string[];
}

/**
 * @param argument an InitRequest as JSON
 * @returns exit status: 1 when a step was refused, with the reason on standard error; 0 when done. With an internet it never comes back:
 * the process serves until it is killed.
 */
export async function initSandbox(argument: string | undefined): Promise<number> {
  const request = JSON.parse(argument ?? "") as InitRequest;
  try {
    setUpFiles(request.self);
    setUpNetwork(request.internet);
    // Loaded late: a sandbox without the internet does not pay for it.
    if (request.internet) await (await import("./serve-internet.ts")).serveInternet();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  detach();
  return request.internet ? new Promise<number>(() => undefined) : 0;
}

/** Whoever waits for the end of our output goes on now. What the services have to say goes to a file: a user should not see it. */
function detach(): void {
  writeAll(1, READY);
  for (const descriptor of [1, 2]) {
    closeSync(descriptor);
    // The kernel gives the lowest free number, which is the one just closed.
    openSync(`${sandboxDirectory}/services.log`, "a");
  }
}
