import { refuseProblems, type Problem } from "../model/errors.ts";
import { requireSubnet, requireVpc } from "../model/lookup.ts";
import { quote } from "../model/quote.ts";
import { findSubnet, findVpc, type Subnet, type Vpc, type World } from "../model/world.ts";
import { parsePolicies, type ParsedPolicy } from "./parse-policy.ts";
import { withSubnet, withVpc } from "./replace.ts";

export interface ApplyPolicyInput {
  readonly vpc: string;
  /** The document itself. */
  readonly policy: string;
}

/**
 * Gives each subnet that the document names its policy, in the place of the one it has. The same again is no change.
 * Throws InvalidPolicyDocument, InvalidVpcID.NotFound, InvalidSubnetID.NotFound.
 */
export function applyPolicy(world: World, input: ApplyPolicyInput): World {
  const problems: Problem[] = [];
  const parsed = parsePolicies(input.policy, problems);
  if (parsed.length === 0) refuseProblems(problems);
  const vpc = requireVpc(world, input.vpc);
  const policies = subnetsMeant(vpc, parsed, problems);
  refuseProblems(problems);
  const changed = policies.reduce((now, [subnet, { policy }]) => (isSame(subnet, policy) ? now : withSubnet(now, { ...subnet, policy })), vpc);
  return changed === vpc ? world : withVpc(world, changed);
}

/** Names of the subnets that the document speaks of, as far as it is well formed and they exist. */
export function subnetsOfPolicy(world: World, input: ApplyPolicyInput): readonly string[] {
  const vpc = findVpc(world, input.vpc);
  return vpc === undefined ? [] : subnetsMeant(vpc, parsePolicies(input.policy, []), []).map(([subnet]) => subnet.name);
}

function subnetsMeant(vpc: Vpc, parsed: readonly ParsedPolicy[], problems: Problem[]): (readonly [Subnet, ParsedPolicy])[] {
  const owners = new Map<Subnet, string>();
  return parsed.flatMap((one) => {
    const { subnet: text, path } = one;
    const place = path === "" ? "subnet" : `${path}.subnet`;
    const subnet = text.includes("/") ? Object.values(vpc.subnets).find(({ cidr }) => cidr === text) : findSubnet(vpc, text);
    if (subnet === undefined) {
      const message = `${place} is ${quote(text)}, and VPC ${vpc.name} has no such subnet.`;
      problems.push({ code: "InvalidSubnetID.NotFound", message, hint: `See what exists: vpcctl describe ${vpc.name}` });
      return [];
    }
    const other = owners.get(subnet);
    if (other !== undefined) {
      problems.push({ code: "InvalidPolicyDocument", message: `${place} is ${quote(text)}, which ${other} speaks of already.`, hint: "Write one policy for each subnet." });
    }
    owners.set(subnet, place);
    return [[subnet, one] as const];
  });
}

const isSame = ({ policy: before }: Subnet, policy: NonNullable<Subnet["policy"]>): boolean => JSON.stringify(before) === JSON.stringify(policy);

export interface RemovePolicyInput {
  readonly vpc: string;
  readonly subnet: string;
}

/** Back to security groups. A subnet without a policy is no change. Throws InvalidVpcID.NotFound, InvalidSubnetID.NotFound. */
export function removePolicy(world: World, { vpc: vpcName, subnet: name }: RemovePolicyInput): World {
  const vpc = requireVpc(world, vpcName);
  const { policy, ...subnet } = requireSubnet(vpc, name);
  return policy === undefined ? world : withVpc(world, withSubnet(vpc, subnet));
}
