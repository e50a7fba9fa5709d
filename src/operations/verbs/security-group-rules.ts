import { sayRule, type RuleDirection } from "../../model/say-rule.ts";
import { parseRules, type RuleInput } from "../parse-rules.ts";
import { protocols } from "../parse-traffic.ts";
import { authorize, revoke } from "../security-group-rules.ts";
import { defineVerb, type Verb, type VerbExample, type VerbOption } from "../verb.ts";
import { vpc } from "./arguments.ts";

const group = { name: "GROUP", key: "group", kind: "security-group", meaning: "Name of the security group." } as const;

function options(direction: RuleDirection): readonly VerbOption<keyof RuleInput>[] {
  const [from, at] = direction === "ingress" ? ["From", `Which comes from`] : ["To", `Which goes to`];
  return [
    { flag: "--protocol", key: "protocol", value: "PROTOCOL", choices: protocols, meaning: `Packets of which protocol: ${protocols.join(", ")}.` },
    { flag: "--port", key: "port", value: "PORT", fallback: "all ports", meaning: "To which port, or range of ports such as 8000-8100; tcp and udp only." },
    { flag: "--icmp-type", key: "icmpType", value: "TYPE", fallback: "all types", meaning: "Which ICMP type, or type and code such as 8/0; icmp and icmpv6 only." },
    { flag: "--cidr", key: "cidrs", value: "CIDR", many: true, kind: "cidr", meaning: `${from} these addresses, IPv4 or IPv6; may be repeated. 0.0.0.0/0 and ::/0 are anywhere.` },
    {
      flag: "--group",
      key: "groups",
      value: "GROUP",
      many: true,
      kind: "security-group",
      meaning: `${at} a member of this group, or, written VPC/GROUP, of a group of a peered VPC; may be repeated.`,
    },
    { flag: "--prefix-list", key: "prefixLists", value: "LIST", many: true, kind: "prefix-list", meaning: `${from} any address of this prefix list; may be repeated.` },
    { flag: "--self", key: "self", meaning: `${at} another member of the same group.` },
  ];
}

const about = {
  ingress: "what others may start towards the members of the group",
  egress: "what the members of the group may start",
} as const;

const examples: Readonly<Record<RuleDirection, readonly [VerbExample, ...VerbExample[]]>> = {
  ingress: [
    { line: "vpcctl authorize-ingress company-a web --protocol tcp --port 80 --cidr 0.0.0.0/0", effect: "Lets everybody reach port 80 of the members." },
    { line: "vpcctl authorize-ingress company-a db --protocol tcp --port 5432 --group web", effect: "Lets the members of group web reach the database." },
  ],
  egress: [{ line: "vpcctl authorize-egress company-a web --protocol udp --port 53 --cidr 10.0.0.2/32", effect: "Lets the members ask the resolver." }],
};

const revokeExamples: Readonly<Record<RuleDirection, VerbExample>> = {
  ingress: { line: "vpcctl revoke-ingress company-a web --protocol tcp --port 80 --cidr 0.0.0.0/0", effect: "Closes port 80 again." },
  egress: { line: "vpcctl revoke-egress company-a web --protocol all --cidr 0.0.0.0/0 --cidr ::/0", effect: "Lets the members start nothing." },
};

function verbsOf(direction: RuleDirection): Verb[] {
  const common = { arguments: [vpc, group], options: options(direction), touches: (input: RuleInput) => ({ vpc: input.vpc, subnets: [] }) };
  const words = (input: RuleInput): string => {
    const [first, ...others] = parseRules(input);
    return others.length > 0 || first === undefined ? `these ${others.length + 1} ${direction} rules` : `the rule ${sayRule(direction, first)}`;
  };
  const authorizeVerb = defineVerb<RuleInput>({
    ...common,
    name: `authorize-${direction}`,
    group: "secure",
    summary: `Add ${direction} rules to a security group`,
    about:
      `A rule says ${about[direction]}: one for each --cidr, --group, --prefix-list and --self that is given. A rule that is there already is not added again. ` +
      "It counts at once for everything in the group.",
    examples: examples[direction],
    operate: (world, input) => authorize(direction, world, input),
    done: (_, input) => `Security group ${input.vpc}/${input.group} has ${words(input)}.`,
    unchanged: (_, input) => `Security group ${input.vpc}/${input.group} has ${words(input)} already.`,
  });
  const revokeVerb = defineVerb<RuleInput>({
    ...common,
    name: `revoke-${direction}`,
    group: "secure",
    summary: `Take ${direction} rules from a security group`,
    about:
      "Names rules by the same words as when they were added. A rule that is not there is passed over. Connections that are open stay open; no new ones start.",
    examples: [revokeExamples[direction]],
    operate: (world, input) => revoke(direction, world, input),
    done: (_, input) => `Security group ${input.vpc}/${input.group} does not have ${words(input)} any more.`,
    unchanged: (_, input) => `Security group ${input.vpc}/${input.group} does not have ${words(input)}.`,
  });
  return [authorizeVerb, revokeVerb];
}

export const ruleVerbs: readonly Verb[] = [...verbsOf("ingress"), ...verbsOf("egress")];
