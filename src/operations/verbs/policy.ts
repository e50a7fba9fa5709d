import { applyPolicy, removePolicy, subnetsOfPolicy, type ApplyPolicyInput, type RemovePolicyInput } from "../subnet-policy.ts";
import { defineVerb, type Verb } from "../verb.ts";
import type { World } from "../../model/world.ts";
import { subnet, vpc } from "./arguments.ts";

const applyVerb = defineVerb<ApplyPolicyInput>({
  name: "apply-policy",
  group: "secure",
  summary: "Give subnets the firewall policy of a JSON file",
  about:
    'The file holds an object, or a list of them: {"subnet": "10.0.1.0/24", "ingress": [{"port": 80, "protocol": "tcp", "action": "allow"}]}, and "egress" in ' +
    "the same way. The rules are asked in order and the first that fits decides; what no ingress rule mentions is denied; without \"egress\" everything may " +
    "leave. A policy stands in the place of the security groups of everything in the subnet, and a file that is applied again takes the place of what was there.",
  arguments: [vpc, { name: "FILE", key: "policy", kind: "file", meaning: "The JSON file; `-` for standard input." }],
  options: [],
  examples: [{ line: "vpcctl apply-policy company-a policy.json", effect: "Puts the policy of each subnet that the file names into force." }],
  operate: applyPolicy,
  touches: (input, world) => ({ vpc: input.vpc, subnets: subnetsOfPolicy(world, input) }),
  done: (world, input) => `${subjects(world, input)} in force.`,
  unchanged: (world, input) => `${subjects(world, input)} in force already.`,
});

function subjects(world: World, input: ApplyPolicyInput): string {
  const names = subnetsOfPolicy(world, input).map((name) => `${input.vpc}/${name}`);
  if (names.length === 0) return "The policies of no subnet are";
  return names.length === 1 ? `The policy of subnet ${names[0]} is` : `The policies of subnets ${names.join(", ")} are`;
}

const removeVerb = defineVerb<RemovePolicyInput>({
  name: "remove-policy",
  group: "secure",
  summary: "Take the policy from a subnet",
  about: "From then on the security groups of what is in the subnet count again.",
  arguments: [vpc, subnet],
  options: [],
  examples: [{ line: "vpcctl remove-policy company-a public-web", effect: "Goes back to security groups." }],
  operate: removePolicy,
  touches: (input) => ({ vpc: input.vpc, subnets: [input.subnet] }),
  done: (_, input) => `Subnet ${input.vpc}/${input.subnet} has no policy any more; its security groups count.`,
  unchanged: (_, input) => `Subnet ${input.vpc}/${input.subnet} has no policy.`,
});

export const policyVerbs: readonly Verb[] = [applyVerb, removeVerb];
