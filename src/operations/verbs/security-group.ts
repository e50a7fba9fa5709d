import { limits } from "../../model/limits.ts";
import { defaultGroup } from "../../model/security-group.ts";
import { findInstance, findSubnet, findVpc, type World } from "../../model/world.ts";
import {
  createSecurityGroup,
  deleteSecurityGroup,
  type CreateSecurityGroupInput,
  type SecurityGroupInput,
} from "../security-group.ts";
import { setSecurityGroups, type SetSecurityGroupsInput } from "../set-security-groups.ts";
import { defineVerb, type Verb } from "../verb.ts";
import { vpc } from "./arguments.ts";

const createVerb = defineVerb<CreateSecurityGroupInput>({
  name: "create-security-group",
  group: "secure",
  summary: "Make a security group: a list of what may reach its members, and what they may reach",
  about:
    "A new security group lets nothing in and everything out. It is stateful: the answers to what may start come back whatever the rules say. Rules only allow, " +
    "so something in several groups may do what any of them allows. A packet from one to another passes two gates: the egress rules of its sender and the " +
    `ingress rules of its receiver. Every VPC has a group \`${defaultGroup}\`, whose members reach each other; whatever is put into no other group is in it.`,
  arguments: [vpc, { name: "NAME", key: "name", kind: "new-name", meaning: "Name of the new security group." }],
  options: [{ flag: "--description", key: "description", value: "TEXT", meaning: "What it is for, in a line." }],
  examples: [{ line: "vpcctl create-security-group company-a web --description webservers", effect: "Makes a group that lets nothing in." }],
  operate: createSecurityGroup,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (_, input) => `Created security group ${input.vpc}/${input.name}; it lets nothing in and everything out.`,
  unchanged: (_, input) => `Security group ${input.vpc}/${input.name} exists already.`,
});

const deleteVerb = defineVerb<SecurityGroupInput>({
  name: "delete-security-group",
  group: "secure",
  summary: "Take a security group away",
  about: `Refuses while something is in it or a rule of another group names it, and lists these. The group \`${defaultGroup}\` cannot be deleted.`,
  arguments: [vpc, { name: "GROUP", key: "name", kind: "security-group", meaning: "Name of the security group." }],
  options: [],
  examples: [{ line: "vpcctl delete-security-group company-a web", effect: "Takes the security group away." }],
  operate: deleteSecurityGroup,
  touches: (input) => ({ vpc: input.vpc, subnets: [] }),
  done: (_, input) => `Deleted security group ${input.vpc}/${input.name}.`,
  unchanged: (_, input) => `There is no security group ${input.vpc}/${input.name}.`,
});

const setVerb = defineVerb<SetSecurityGroupsInput>({
  name: "set-security-groups",
  group: "secure",
  summary: "Put a subnet's own namespace or an instance into security groups",
  about:
    "They take the place of the ones it is in. Connections that are open stay open; new ones are judged by the new groups. A subnet's own namespace is what " +
    "run-workload runs programs in; its groups say nothing about the instances of the subnet.",
  arguments: [
    vpc,
    { name: "PLACE", key: "attachment", kind: "place", meaning: "A subnet's own namespace, or an instance: its name, or SUBNET/INSTANCE." },
  ],
  options: [
    {
      flag: "--security-group",
      key: "securityGroups",
      value: "GROUP",
      many: true,
      kind: "security-group",
      meaning: `A security group it is in; may be repeated, up to ${limits.securityGroupsPerInstance.value} times.`,
    },
  ],
  examples: [
    { line: "vpcctl set-security-groups company-a public-web --security-group web --security-group admin", effect: "Puts the subnet's own namespace into two groups." },
    { line: `vpcctl set-security-groups company-a public-web/web1 --security-group ${defaultGroup}`, effect: "Puts an instance back into the group everything starts in." },
  ],
  operate: setSecurityGroups,
  touches: (input, world) => ({ vpc: input.vpc, subnets: [pathOf(input, world)] }),
  done: (_, input) => `${input.vpc}/${input.attachment} is in ${groupsOf(input)}.`,
  unchanged: (_, input) => `${input.vpc}/${input.attachment} is in ${groupsOf(input)} already.`,
});

/** Of an instance that is only about to be made, the command that makes it knows the path. */
function pathOf({ vpc: vpcName, attachment }: SetSecurityGroupsInput, world: World): string {
  const inVpc = findVpc(world, vpcName);
  const instance = inVpc && findSubnet(inVpc, attachment) === undefined ? findInstance(inVpc, attachment) : undefined;
  return instance === undefined ? attachment : `${instance.subnet}/${instance.name}`;
}

const groupsOf = ({ securityGroups = [] }: SetSecurityGroupsInput): string =>
  `security group${securityGroups.length === 1 ? "" : "s"} ${[...new Set(securityGroups)].join(", ")}`;

export const securityGroupVerbs: readonly Verb[] = [createVerb, setVerb, deleteVerb];
