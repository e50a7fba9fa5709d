// What is typed for authorize and revoke -> rules, one for each other side that is named. All problems are told at once.
import { isCidr6, tryParseCidr } from "../model/cidr-any.ts";
import { refuseProblems, type Problem } from "../model/errors.ts";
import { checkName, nameRule } from "../model/names.ts";
import { peeringsOf } from "../model/peering.ts";
import { quote } from "../model/quote.ts";
import { sayRule } from "../model/say-rule.ts";
import { findSecurityGroup, type RulePeer, type SecurityRule, type Traffic } from "../model/security-group.ts";
import { findNamed, findVpc, type Vpc, type World } from "../model/world.ts";
import { parseTraffic, type TrafficWords } from "./parse-traffic.ts";

export interface RuleInput extends TrafficWords {
  readonly vpc: string;
  readonly group: string;
  readonly cidrs?: readonly string[];
  /** `web`, or `company-b/web` for a group of a peered VPC. */
  readonly groups?: readonly string[];
  readonly prefixLists?: readonly string[];
  /** The group itself. */
  readonly self?: boolean;
}

/** The rules that are meant, each once. Throws every problem of what was typed. */
export function parseRules(input: RuleInput): readonly SecurityRule[] {
  const problems: Problem[] = [];
  const traffic = parseTraffic(input, problems);
  const peers = [
    ...(input.cidrs ?? []).flatMap((text) => parseBlock(text, traffic, problems)),
    ...(input.groups ?? []).flatMap((text) => parseGroup(input.vpc, text, problems)),
    ...(input.prefixLists ?? []).map((name): RulePeer => ({ kind: "prefix-list", name })),
    ...(input.self === true ? [{ kind: "group", group: input.group } as const] : []),
  ];
  if (peers.length === 0 && problems.length === 0) {
    const hint = "Add one or more of --cidr CIDR, --group GROUP, --prefix-list LIST and --self; 0.0.0.0/0 is every IPv4 address, ::/0 every IPv6 address.";
    problems.push({ code: "MissingParameter", message: "It does not say from or to where.", hint });
  }
  refuseProblems(problems);
  const rules = peers.map((peer): SecurityRule => ({ ...traffic, peer }));
  return [...new Map(rules.map((rule) => [sayRule("ingress", rule), rule])).values()];
}

function parseBlock(text: string, { protocol }: Traffic, problems: Problem[]): RulePeer[] {
  const parsed = tryParseCidr(text);
  if ("problem" in parsed) {
    problems.push(parsed.problem);
    return [];
  }
  const cidr = parsed.value;
  if ((protocol === "icmp" && isCidr6(cidr)) || (protocol === "icmpv6" && !isCidr6(cidr))) {
    const other = protocol === "icmp" ? "icmpv6" : "icmp";
    problems.push({ code: "InvalidPermission.Malformed", message: `No packet of ${protocol} has an address of ${cidr}.`, hint: `Here it is --protocol ${other}.` });
  }
  return [{ kind: "cidr", cidr }];
}

/** A group of the VPC itself may be written with its VPC too. */
function parseGroup(home: string, text: string, problems: Problem[]): RulePeer[] {
  const slash = text.indexOf("/");
  const vpc = slash < 0 ? home : text.slice(0, slash);
  const group = text.slice(slash + 1);
  const messages = [checkName("VPC", vpc), checkName("security group", group)].filter((message) => message !== undefined);
  problems.push(...messages.map((message): Problem => ({ code: "InvalidParameterValue", message, hint: nameRule })));
  return messages.length > 0 ? [] : [{ kind: "group", group, ...(vpc === home ? {} : { vpc }) }];
}

/** What stands against these rules in a group of the VPC: names of what does not exist. */
export function peerProblems(world: World, vpc: Vpc, rules: readonly SecurityRule[]): Problem[] {
  return rules.flatMap(({ peer }): Problem[] => {
    if (peer.kind === "prefix-list") {
      if (findNamed(world.prefixLists, peer.name) !== undefined) return [];
      return [{ code: "InvalidPrefixListID.NotFound", message: `There is no prefix list ${quote(peer.name)}.`, hint: "See what exists: vpcctl prefix-lists" }];
    }
    return peer.kind === "group" ? groupProblems(world, vpc, peer.group, peer.vpc) : [];
  });
}

function groupProblems(world: World, vpc: Vpc, group: string, peer: string | undefined): Problem[] {
  const home = peer === undefined ? vpc : findVpc(world, peer);
  if (home === undefined) return [{ code: "InvalidVpcID.NotFound", message: `There is no VPC ${quote(peer ?? "")}.`, hint: "See what exists: vpcctl list" }];
  if (peer !== undefined && !peeringsOf(world, vpc.name).some((view) => view.other.vpc === peer && view.peering.status === "active")) {
    const message = `VPC ${vpc.name} is not peered with ${peer}, so its groups mean nothing there.`;
    return [{ code: "InvalidGroup.NotFound", message, hint: "Peer the two first, or name a block: --cidr CIDR." }];
  }
  if (findSecurityGroup(home, group) !== undefined) return [];
  const message = `VPC ${home.name} has no security group ${quote(group)}.`;
  return [{ code: "InvalidGroup.NotFound", message, hint: `See what exists: vpcctl describe ${home.name}` }];
}
