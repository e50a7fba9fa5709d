import { createNetworkAclEntry, deleteNetworkAclEntry, replaceNetworkAclEntry } from "../network-acl-entry.ts";
import type { AclEntryInput, AclEntryPlace } from "../parse-acl-entry.ts";
import { protocols } from "../parse-traffic.ts";
import { defineVerb, type Verb, type VerbOption } from "../verb.ts";
import { vpc } from "./arguments.ts";

const where = [vpc, { name: "ACL", key: "acl", kind: "network-acl", meaning: "Name of the network ACL." }] as const;

const which: readonly VerbOption<keyof AclEntryPlace>[] = [
  { flag: "--rule-number", key: "ruleNumber", value: "N", meaning: "Its number, from 1 to 32766; entries are asked in ascending order." },
  { flag: "--ingress", key: "ingress", meaning: "For packets that enter the subnet." },
  { flag: "--egress", key: "egress", meaning: "For packets that leave the subnet." },
];

const what: readonly VerbOption<keyof AclEntryInput>[] = [
  { flag: "--action", key: "action", value: "ACTION", choices: ["allow", "deny"], meaning: "What happens to a packet that fits: allow or deny." },
  { flag: "--protocol", key: "protocol", value: "PROTOCOL", choices: protocols, meaning: `Packets of which protocol: ${protocols.join(", ")}.` },
  { flag: "--cidr", key: "cidr", value: "CIDR", kind: "cidr", meaning: "From where (ingress) or to where (egress); 0.0.0.0/0 or ::/0 is anywhere." },
  {
    flag: "--port",
    key: "port",
    value: "PORT",
    fallback: "all ports",
    meaning: "To which port, or range of ports such as 1024-65535; tcp and udp only.",
  },
  {
    flag: "--icmp-type",
    key: "icmpType",
    value: "TYPE",
    fallback: "all types",
    meaning: "Which ICMP type, or type and code such as 3/4; icmp and icmpv6 only.",
  },
];

const at = ({ vpc: name, acl, ruleNumber, egress }: AclEntryPlace): string =>
  `${egress === true ? "Egress" : "Ingress"} entry ${ruleNumber} of network ACL ${name}/${acl}`;
const touches = (input: AclEntryPlace) => ({ vpc: input.vpc, subnets: [] });

const createVerb = defineVerb<AclEntryInput>({
  name: "create-network-acl-entry",
  group: "secure",
  summary: "Add an entry to a network ACL",
  about:
    "The entry with the lowest number that fits a packet decides; a packet that fits none is denied. Leave gaps between the numbers. Answers are packets too: " +
    "whoever allows a port in must allow the ports of those who asked (1024-65535) out.",
  arguments: where,
  options: [...which, ...what],
  examples: [
    {
      line: "vpcctl create-network-acl-entry company-a strict --rule-number 100 --ingress --action allow --protocol tcp --port 5432 --cidr 10.0.1.0/24",
      effect: "Lets connections to port 5432 from 10.0.1.0/24 in.",
    },
    {
      line: "vpcctl create-network-acl-entry company-a strict --rule-number 100 --egress --action allow --protocol tcp --port 1024-65535 --cidr 10.0.1.0/24",
      effect: "Lets the answers out.",
    },
  ],
  operate: createNetworkAclEntry,
  touches,
  done: (_, input) => `${at(input)} is there.`,
  unchanged: (_, input) => `${at(input)} is there already, just so.`,
});

const replaceVerb = defineVerb<AclEntryInput>({
  name: "replace-network-acl-entry",
  group: "secure",
  summary: "Change an entry of a network ACL",
  about: "Puts an entry in the place of the one with this number. No packet is judged without either.",
  arguments: where,
  options: [...which, ...what],
  examples: [
    {
      line: "vpcctl replace-network-acl-entry company-a strict --rule-number 100 --ingress --action deny --protocol all --cidr 0.0.0.0/0",
      effect: "From now on this entry denies.",
    },
  ],
  operate: replaceNetworkAclEntry,
  touches,
  done: (_, input) => `${at(input)} is replaced.`,
  unchanged: (_, input) => `${at(input)} is just so already.`,
});

const deleteVerb = defineVerb<AclEntryPlace>({
  name: "delete-network-acl-entry",
  group: "secure",
  summary: "Take an entry out of a network ACL",
  about: "Packets that it decided about are decided by the next entry that fits, or denied.",
  arguments: where,
  options: which,
  examples: [{ line: "vpcctl delete-network-acl-entry company-a strict --rule-number 100 --ingress", effect: "Takes the entry away." }],
  operate: deleteNetworkAclEntry,
  touches,
  done: (_, input) => `${at(input)} is gone.`,
  unchanged: (_, input) => `There is no such entry: ${at(input)}.`,
});

export const entryVerbs: readonly Verb[] = [createVerb, replaceVerb, deleteVerb];
