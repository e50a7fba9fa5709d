import type { FakeHost } from "../support/fake-host.ts";
import { snapshotHost } from "../support/host-snapshot.ts";

/**
 * What the kernel holds, seen with ordinary tools, as lines. Left out, because the kernel numbers or draws them anew each time, or notices
 * them in its own time: rule handles, ids of namespaces, whether a link has a carrier yet; and what is no part of the network.
 */
export async function kernelState(host: FakeHost): Promise<string[]> {
  const snapshot = await snapshotHost(host);
  return [...snapshot].flatMap(([section, lines]) => (isNoNetwork.test(section) ? [] : lines.map((line) => `${section}: ${withoutChance(line)}`)));
}

/** Lines that came (`+`) and went (`-`) between two states, in order. */
export function stateChange(before: readonly string[], after: readonly string[]): string[] {
  const [had, has] = [new Set(before), new Set(after)];
  const gone = before.filter((line) => !has.has(line)).map((line) => `- ${line}`);
  const come = after.filter((line) => !had.has(line)).map((line) => `+ ${line}`);
  return [...gone, ...come].filter((line) => !line.includes("/tcp_fastopen_key:"));
}

const isNoNetwork = /^(namespaces|mounts|files in .*|processes|name servers|internet: .*)$/;

function withoutChance(line: string): string {
  return line
    .replace(/ # handle \d+$/, "")
    .replace(/link-netns(id)? \S+/, "link-netns ~")
    .replace(/<(\S+)>/, (_, flags: string) => `<${flags.split(",").filter((flag) => flag !== "NO-CARRIER" && flag !== "LOWER_UP").join(",")}>`)
    .replace(/\bstate (UP|DOWN|UNKNOWN|LOWERLAYERDOWN)\b/, "state ~");
}
