import type { Options } from "./options.ts";
import type { Sample } from "./samples.ts";
import { inSandbox } from "./sandbox.ts";

/** The ways a packet can take from one namespace to another, from the shortest to ours. */
export const paths = [
  { name: "direct", label: "direct veth" },
  { name: "bridge", label: "plain L2 bridge" },
  { name: "open", label: "vpcctl, no policy" },
  { name: "policy", label: "vpcctl, with policy" },
] as const;

/** All paths stand in one sandbox at the same time and take turns. */
export function measureDataPlane({ rounds }: Options, say: (line: string) => void): Sample[] {
  say("data plane: round trips and throughput");
  return inSandbox("__data-plane", String(rounds)) as Sample[];
}
