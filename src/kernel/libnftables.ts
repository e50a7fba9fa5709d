// nftables through libnftables, the library behind the `nft` command, inside this process: a call costs about 0.1 ms, a process 4 ms.
// One call is one transaction: all of it happens or nothing.
import { dlopen, ptr } from "bun:ffi";
import { ELIBACC, ENOMEM } from "./errno.ts";
import { errnoInText, KernelError } from "./errors.ts";
import { cString, textAt } from "./libc.ts";
import { inNamespace } from "./namespaces.ts";
import { NETLINK_NETFILTER } from "./netlink/nfnetlink.ts";
import { keepsFilesOpen } from "./keep-open.ts";
import { nextLibrarySocket } from "./next-library-socket.ts";

// .so.1 is the library's stable interface, the same from nftables 0.9 to 1.1.
const LIBRARY = "libnftables.so.1";
const NFT_CTX_OUTPUT_HANDLE = 1 << 3;
const NFT_CTX_OUTPUT_JSON = 1 << 4;
/** Names of protocols come from a file that not every machine has. */
const NFT_CTX_OUTPUT_NUMERIC_PROTO = 1 << 7;

function openLibrary() {
  try {
    return dlopen(LIBRARY, {
      nft_ctx_new: { args: ["u32"], returns: "ptr" },
      nft_ctx_free: { args: ["ptr"], returns: "void" },
      nft_ctx_buffer_output: { args: ["ptr"], returns: "i32" },
      nft_ctx_buffer_error: { args: ["ptr"], returns: "i32" },
      nft_ctx_get_output_buffer: { args: ["ptr"], returns: "ptr" },
      nft_ctx_get_error_buffer: { args: ["ptr"], returns: "ptr" },
      nft_ctx_output_set_flags: { args: ["ptr", "u32"], returns: "void" },
      nft_run_cmd_from_buffer: { args: ["ptr", "ptr"], returns: "i32" },
    }).symbols;
  } catch {
    throw new KernelError(`load ${LIBRARY}`, undefined, ELIBACC, "it is part of nftables: apt install nftables");
  }
}

let library: ReturnType<typeof openLibrary> | undefined;

/** Carries out nft commands, one per line, as one transaction. Throws a KernelError with nft's own words. */
export function nftRun(namespace: string, commands: string): void {
  run(namespace, commands, 0);
}

/** The answer to one command such as `list ruleset`, as nft's JSON (libnftables-json(5)), handles included; protocols are numbers. */
export function nftJson(namespace: string, command: string): unknown {
  const output = run(namespace, command, NFT_CTX_OUTPUT_JSON | NFT_CTX_OUTPUT_HANDLE | NFT_CTX_OUTPUT_NUMERIC_PROTO);
  return output === "" ? undefined : JSON.parse(output);
}

/** The answer to one command in nft's own language. */
export function nftText(namespace: string, command: string): string {
  return run(namespace, command, 0);
}

/** Is the library there? Throws a KernelError that says how to install it when not. */
export function requireNftables(): void {
  library ??= openLibrary();
}

/**
 * Commands after which the close of the socket waits. After others it does not, unless such a command went before within the same process,
 * and handing it over would take 0.1 ms.
 */
const takesAway = /^(?:delete|flush) /m;
const atOnce = (close: () => void): void => close();

function run(namespace: string, commands: string, flags: number): string {
  const nft = (library ??= openLibrary());
  const text = cString(commands);
  // A context talks to the namespace in which it was made, and newer versions open its socket only on first use: all of its short
  // life is spent inside.
  return inNamespace(namespace, () => {
    const closing = takesAway.test(commands) || keepsFilesOpen() ? nextLibrarySocket(NETLINK_NETFILTER) : atOnce;
    const context = nft.nft_ctx_new(0);
    if (context === null) throw new KernelError("open nftables", namespace, ENOMEM);
    try {
      nft.nft_ctx_buffer_output(context);
      nft.nft_ctx_buffer_error(context);
      nft.nft_ctx_output_set_flags(context, flags);
      const failed = nft.nft_run_cmd_from_buffer(context, ptr(text)) !== 0;
      if (failed) throw failure(namespace, textAt(nft.nft_ctx_get_error_buffer(context)));
      return textAt(nft.nft_ctx_get_output_buffer(context));
    } finally {
      // The answer is here, so all is done that anybody can see; the rest may take its time.
      closing(() => nft.nft_ctx_free(context));
    }
  });
}

// nft quotes the line of the mistake, and a line may hold a set of thousands.
const LONGEST_QUOTE = 200;

function failure(namespace: string, words: string): KernelError {
  const lines = words.trim().split("\n").map((line) => (line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)} ...` : line));
  return new KernelError("change nftables", namespace, errnoInText(words), lines.join("\n"));
}
