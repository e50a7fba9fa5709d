// Arguments and options that many verbs have.
import { limits } from "../../model/limits.ts";
import type { VerbOption } from "../verb.ts";

export const anyPrefix: VerbOption<"anyPrefix"> = {
  flag: "--any-prefix",
  key: "anyPrefix",
  meaning: `Take sizes that EC2 does not: bigger than a /${limits.shortestPrefix.value}, and down to a /${limits.longestAnyPrefix.value}.`,
};

export const vpc = { name: "VPC", key: "vpc", kind: "vpc", meaning: "Name of the VPC." } as const;
export const subnet = { name: "SUBNET", key: "subnet", kind: "subnet", meaning: "Name of the subnet." } as const;
export const instance = { name: "INSTANCE", key: "name", kind: "instance", meaning: "Name of the instance." } as const;
