import type { Instance } from "../../model/instance.ts";
import { limits } from "../../model/limits.ts";
import { findInstance, findVpc, type World } from "../../model/world.ts";
import { modifyInstance, type ModifyInstanceInput } from "../modify-instance.ts";
import { defaultRestart, runInstance, type RunInstanceInput } from "../run-instance.ts";
import { startInstance } from "../start-instance.ts";
import { stopInstance, type InstanceInput } from "../stop-instance.ts";
import { terminateInstance } from "../terminate-instance.ts";
import { defineVerb, type Touched, type Verb } from "../verb.ts";
import { instance, subnet, vpc } from "./arguments.ts";
import { untilWayOut } from "./way-out.ts";

const securityGroups = {
  flag: "--security-group",
  key: "securityGroups",
  value: "GROUP",
  many: true,
  kind: "security-group",
} as const;

const runInstanceVerb = defineVerb<RunInstanceInput>({
  name: "run-instance",
  group: "instances",
  summary: "Start an instance in a subnet",
  about:
    "An instance is a machine of its own in the VPC's eyes: it has its own network, and an address that stays with it until it is terminated. " +
    "Words after -- are a program that runs in it in the background and is started again when it ends, as --restart says; without, " +
    "`vpcctl exec` and `vpcctl shell` run programs in it.",
  arguments: [vpc, subnet],
  options: [
    { flag: "--name", key: "name", value: "NAME", meaning: "Name of the instance, unique in the VPC. Must be given." },
    { flag: "--ip", key: "ip", value: "ADDRESS", fallback: "the lowest free one", meaning: "Its address, one of the subnet's." },
    {
      ...securityGroups,
      fallback: "default",
      meaning: `A security group it is in; may be repeated, up to ${limits.securityGroupsPerInstance.value} times.`,
    },
    { flag: "--public", key: "public", meaning: "Give it a public address, also where the subnet does not." },
    {
      flag: "--restart",
      key: "restart",
      value: "WHEN",
      choices: ["always", "on-failure", "never"],
      fallback: defaultRestart,
      meaning: "When its program is started again after it has ended: always, on-failure or never.",
    },
  ],
  trailing: { key: "command", shown: "CMD ARG..." },
  examples: [
    { line: "vpcctl run-instance company-a public-web --name web1", effect: "Starts an instance without a program." },
    {
      line: "vpcctl run-instance company-a public-web --name web2 --ip 10.0.1.20 --restart always -- python3 -m http.server 80",
      effect: "Starts a web server with an address of its own that is started again whenever it ends.",
    },
  ],
  operate: runInstance,
  touches: (input) => ({ vpc: input.vpc, subnets: [`${input.subnet}/${input.name}`] }),
  done: (world, input) => `Instance ${input.vpc}/${input.name} runs in subnet ${input.subnet} with ${addressesOf(world, input)}`,
  unchanged: (world, input) => `Instance ${input.vpc}/${input.name} exists already, with ${addressesOf(world, input)}`,
});

const startInstanceVerb = defineVerb<InstanceInput>({
  name: "start-instance",
  group: "instances",
  summary: "Start a stopped instance again",
  about: "It has the address it had, and its program is started anew. A public address that is not an Elastic IP is a new one, as in EC2.",
  arguments: [vpc, instance],
  options: [],
  examples: [{ line: "vpcctl start-instance company-a web1", effect: "Starts the instance." }],
  operate: startInstance,
  touches: touchInstance,
  done: (world, input) => `Instance ${input.vpc}/${input.name} runs with ${addressesOf(world, input)}`,
  unchanged: (world, input) => `Instance ${input.vpc}/${input.name} runs already, with ${addressesOf(world, input)}`,
});

const modifyInstanceVerb = defineVerb<ModifyInstanceInput>({
  name: "modify-instance",
  group: "instances",
  summary: "Change an instance's security groups or its source/destination check",
  about:
    "With the check off an instance may send and receive packets that are not from or to itself: what a router or a firewall appliance needs. " +
    "Groups are given anew as a whole.",
  arguments: [vpc, instance],
  options: [
    {
      flag: "--source-dest-check",
      key: "sourceDestCheck",
      value: "BOOLEAN",
      choices: ["true", "false"],
      meaning: "true: drop packets that are neither from nor to the instance itself; false: let them pass.",
    },
    { ...securityGroups, meaning: "A security group it is in from now on; may be repeated. All others no more." },
  ],
  examples: [
    { line: "vpcctl modify-instance company-a web1 --source-dest-check false", effect: "Lets the instance be a router." },
    { line: "vpcctl modify-instance company-a web1 --security-group default", effect: "Puts it into the group `default` alone." },
  ],
  operate: modifyInstance,
  touches: touchInstance,
  done: (_, input) => `Changed instance ${input.vpc}/${input.name}.`,
  unchanged: (_, input) => `Instance ${input.vpc}/${input.name} is so already.`,
});

const stopInstanceVerb = defineVerb<InstanceInput>({
  name: "stop-instance",
  group: "instances",
  summary: "Stop an instance, and keep its place",
  about:
    "Asks its program to end (SIGTERM) and, if it has not after 10 seconds, ends it (SIGKILL); then takes the instance off the wire. Its address stays its own. " +
    "A public address that is not an Elastic IP is given back, as in EC2.",
  arguments: [vpc, instance],
  options: [],
  examples: [{ line: "vpcctl stop-instance company-a web1", effect: "Stops the instance." }],
  operate: stopInstance,
  touches: touchInstance,
  done: (_, input) => `Instance ${input.vpc}/${input.name} is stopped.`,
  unchanged: (_, input) => `Instance ${input.vpc}/${input.name} is stopped already.`,
});

const terminateInstanceVerb = defineVerb<InstanceInput>({
  name: "terminate-instance",
  group: "instances",
  summary: "Take an instance away",
  about: "Ends what runs in it and gives its address back. An Elastic IP stays yours, without an owner.",
  arguments: [vpc, instance],
  options: [],
  examples: [{ line: "vpcctl terminate-instance company-a web1", effect: "Takes the instance away." }],
  operate: terminateInstance,
  touches: touchInstance,
  done: (_, input) => `Terminated instance ${input.vpc}/${input.name}.`,
  unchanged: (_, input) => `There is no instance ${input.vpc}/${input.name}.`,
});

function touchInstance(input: InstanceInput, world: World): Touched {
  const found = find(world, input);
  return { vpc: input.vpc, subnets: found === undefined ? [] : [`${found.subnet}/${input.name}`] };
}

function find(world: World, input: InstanceInput): Instance | undefined {
  const inside = findVpc(world, input.vpc);
  return inside && findInstance(inside, input.name);
}

/** The end of a sentence. */
function addressesOf(world: World, input: InstanceInput): string {
  const found = find(world, input);
  if (found === undefined) return "no address.";
  if (found.publicAddress === undefined) return `${found.address}.`;
  return `${found.address} and public address ${found.publicAddress}${untilWayOut(world, input.vpc, found.subnet, "That address")}`;
}

export const instanceVerbs: readonly Verb[] = [runInstanceVerb, startInstanceVerb, modifyInstanceVerb, stopInstanceVerb, terminateInstanceVerb];
