// Every way a command can be refused, in one table: code -> exit status and meaning. A code is EC2's own where EC2 has one, so that
// what is learnt here holds there. Three kinds of failure exist: VpcctlError (the user or the machine is in the way, and a hint says
// what to do), KernelError (made only in kernel/), and anything else, which is a bug and exits with `exitStatus.bug`.

/** What the process exits with. 70 is EX_SOFTWARE of sysexits.h. */
export const exitStatus = { done: 0, failed: 1, usage: 2, notFound: 3, conflict: 4, notPermitted: 5, bug: 70 } as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

interface ErrorKind {
  readonly exit: ExitStatus;
  /** `ec2`: EC2 answers with the same code. `vpcctl`: EC2 has no such case. */
  readonly origin: "ec2" | "vpcctl";
  readonly meaning: string;
}

export const errorCodes = {
  // EC2's reference page writes `InvalidVpcRange`, its API answers `InvalidVpc.Range`. We say what the API says.
  "InvalidVpc.Range": { exit: exitStatus.usage, origin: "ec2", meaning: "The VPC's CIDR is too big, too small or reserved." },
  "InvalidSubnet.Range": { exit: exitStatus.usage, origin: "ec2", meaning: "The subnet's CIDR is too big, too small or outside its VPC." },
  InvalidParameterValue: { exit: exitStatus.usage, origin: "ec2", meaning: "A name, CIDR or other argument is not well formed." },
  "InvalidPermission.Malformed": { exit: exitStatus.usage, origin: "ec2", meaning: "No packet could ever fit this rule of a security group." },
  InvalidPolicyDocument: { exit: exitStatus.usage, origin: "ec2", meaning: "The policy file is not well formed." },
  "InvalidGroup.Reserved": { exit: exitStatus.usage, origin: "ec2", meaning: "Every VPC has a security group of that name by itself." },
  MissingParameter: { exit: exitStatus.usage, origin: "ec2", meaning: "An argument is missing." },
  UnknownParameter: { exit: exitStatus.usage, origin: "ec2", meaning: "An argument or option is not known." },
  InvalidAction: { exit: exitStatus.usage, origin: "ec2", meaning: "There is no such command." },

  "InvalidVpcID.NotFound": { exit: exitStatus.notFound, origin: "ec2", meaning: "There is no such VPC." },
  "InvalidSubnetID.NotFound": { exit: exitStatus.notFound, origin: "ec2", meaning: "The VPC has no such subnet." },
  "InvalidGroup.NotFound": { exit: exitStatus.notFound, origin: "ec2", meaning: "The VPC has no such security group." },
  "InvalidPrefixListID.NotFound": { exit: exitStatus.notFound, origin: "ec2", meaning: "There is no such prefix list." },
  "InvalidInstanceID.NotFound": { exit: exitStatus.notFound, origin: "ec2", meaning: "The VPC has no such instance." },
  "InvalidNetworkAclID.NotFound": { exit: exitStatus.notFound, origin: "ec2", meaning: "The VPC has no such network ACL." },
  "InvalidNetworkAclEntry.NotFound": { exit: exitStatus.notFound, origin: "ec2", meaning: "The network ACL has no entry of that number." },
  "InvalidRouteTableID.NotFound": { exit: exitStatus.notFound, origin: "ec2", meaning: "The VPC has no such route table." },
  "InvalidRoute.NotFound": { exit: exitStatus.notFound, origin: "ec2", meaning: "The route table has no route to that destination." },
  "InvalidGatewayID.NotFound": { exit: exitStatus.notFound, origin: "ec2", meaning: "The VPC has no such gateway." },
  NatGatewayNotFound: { exit: exitStatus.notFound, origin: "ec2", meaning: "The VPC has no such NAT gateway." },
  "InvalidAllocationID.NotFound": { exit: exitStatus.notFound, origin: "ec2", meaning: "There is no such Elastic IP." },
  "InvalidVpcPeeringConnectionID.NotFound": { exit: exitStatus.notFound, origin: "ec2", meaning: "There is no such peering." },
  // Zones and records are Route 53's: these are its codes.
  HostedZoneNotFound: { exit: exitStatus.notFound, origin: "vpcctl", meaning: "The VPC has no private zone that the name is in." },
  WorkloadNotFound: { exit: exitStatus.notFound, origin: "vpcctl", meaning: "No workload of that name runs or has run." },

  "InvalidIPAddress.InUse": { exit: exitStatus.conflict, origin: "ec2", meaning: "The address belongs to something else." },
  InsufficientFreeAddressesInSubnet: { exit: exitStatus.conflict, origin: "ec2", meaning: "Every address of the subnet is taken." },
  AddressLimitExceeded: { exit: exitStatus.conflict, origin: "ec2", meaning: "Every address of the public pool is taken." },
  "InvalidAddress.Duplicate": { exit: exitStatus.conflict, origin: "vpcctl", meaning: "An Elastic IP of that name exists and differs." },
  "Resource.AlreadyAssociated": { exit: exitStatus.conflict, origin: "ec2", meaning: "The Elastic IP belongs to something that cannot give it away." },
  "Gateway.NotAttached": { exit: exitStatus.conflict, origin: "ec2", meaning: "The VPC has no internet gateway, so a public address would lead nowhere." },
  RouteLimitExceeded: { exit: exitStatus.conflict, origin: "ec2", meaning: "The route table holds as many routes as it can." },
  RouteTableLimitExceeded: { exit: exitStatus.conflict, origin: "ec2", meaning: "The VPC holds as many route tables as it can." },
  "InvalidNatGateway.Duplicate": { exit: exitStatus.conflict, origin: "vpcctl", meaning: "A NAT gateway of that name exists and differs." },
  "InvalidSubnet.Conflict": { exit: exitStatus.conflict, origin: "ec2", meaning: "The CIDR overlaps another subnet of the VPC." },
  DependencyViolation: { exit: exitStatus.conflict, origin: "ec2", meaning: "Other things depend on this one; the details list them." },
  VpcLimitExceeded: { exit: exitStatus.conflict, origin: "ec2", meaning: "The machine holds as many VPCs as it can." },
  SubnetLimitExceeded: { exit: exitStatus.conflict, origin: "ec2", meaning: "The VPC holds as many subnets as it can." },
  // In EC2 names are tags and need not be unique. Ours identify, so these follow the pattern of EC2's `InvalidGroup.Duplicate`.
  "InvalidVpc.Duplicate": { exit: exitStatus.conflict, origin: "vpcctl", meaning: "A VPC of that name exists and differs." },
  "InvalidVpc.Conflict": { exit: exitStatus.conflict, origin: "vpcctl", meaning: "The IPv6 CIDR overlaps that of another VPC." },
  "InvalidSubnet.Duplicate": { exit: exitStatus.conflict, origin: "vpcctl", meaning: "A subnet of that name exists and differs." },
  "InvalidGroup.Duplicate": { exit: exitStatus.conflict, origin: "ec2", meaning: "A security group of that name exists and differs." },
  CannotDelete: { exit: exitStatus.conflict, origin: "ec2", meaning: "The security group `default` stays as long as its VPC." },
  SecurityGroupLimitExceeded: { exit: exitStatus.conflict, origin: "ec2", meaning: "The VPC holds as many security groups as it can." },
  RulesPerSecurityGroupLimitExceeded: { exit: exitStatus.conflict, origin: "ec2", meaning: "The security group holds as many rules of that direction as it can." },
  "InvalidPrefixList.Duplicate": { exit: exitStatus.conflict, origin: "vpcctl", meaning: "A prefix list of that name exists and differs." },
  PrefixListMaxEntriesExceeded: { exit: exitStatus.conflict, origin: "ec2", meaning: "That is more than a prefix list can hold." },
  InstanceLimitExceeded: { exit: exitStatus.conflict, origin: "ec2", meaning: "The VPC holds as many instances as it can." },
  SecurityGroupsPerInstanceLimitExceeded: { exit: exitStatus.conflict, origin: "ec2", meaning: "That is more security groups than an instance can be in." },
  IncorrectInstanceState: { exit: exitStatus.conflict, origin: "ec2", meaning: "The instance is stopped, and it has to run for this." },
  "InvalidInstance.Duplicate": { exit: exitStatus.conflict, origin: "vpcctl", meaning: "An instance of that name exists and differs." },
  NetworkAclEntryAlreadyExists: { exit: exitStatus.conflict, origin: "ec2", meaning: "The network ACL has an entry of that number, and it differs." },
  NetworkAclLimitExceeded: { exit: exitStatus.conflict, origin: "ec2", meaning: "The VPC holds as many network ACLs as it can." },
  NetworkAclEntryLimitExceeded: { exit: exitStatus.conflict, origin: "ec2", meaning: "The network ACL holds as many entries of that direction as it can." },
  CidrLimitExceeded: { exit: exitStatus.conflict, origin: "ec2", meaning: "The VPC has as many CIDRs as it can." },
  "InvalidCidrBlock.InUse": { exit: exitStatus.conflict, origin: "ec2", meaning: "The VPC has a subnet in this CIDR." },
  VpcPeeringConnectionAlreadyExists: { exit: exitStatus.conflict, origin: "ec2", meaning: "The two VPCs are peered already, by another peering." },
  VpcPeeringConnectionsPerVpcLimitExceeded: { exit: exitStatus.conflict, origin: "ec2", meaning: "A VPC, or the machine, has as many peerings as it can." },
  // Of two VPCs whose CIDRs overlap, EC2 takes the request and then calls it `failed`; accepting it is what is not permitted there.
  OperationNotPermitted: { exit: exitStatus.conflict, origin: "ec2", meaning: "VPCs whose CIDRs overlap cannot be peered; a VPC cannot lose its primary CIDR." },
  InvalidStateTransition: { exit: exitStatus.conflict, origin: "ec2", meaning: "A peering that is accepted cannot be rejected." },
  "InvalidVpcPeeringConnection.Duplicate": { exit: exitStatus.conflict, origin: "vpcctl", meaning: "A peering of that name exists and differs." },
  HostedZoneNotEmpty: { exit: exitStatus.conflict, origin: "vpcctl", meaning: "The private zone has records; the details list them." },
  InvalidChangeBatch: { exit: exitStatus.conflict, origin: "vpcctl", meaning: "A name cannot have this record beside those it has." },
  TooManyHostedZones: { exit: exitStatus.conflict, origin: "vpcctl", meaning: "The VPC has as many private zones as it can." },
  ShapedSubnetLimitExceeded: { exit: exitStatus.conflict, origin: "vpcctl", meaning: "The VPC has as many shaped subnets as it can." },
  LimitsExceeded: { exit: exitStatus.conflict, origin: "vpcctl", meaning: "The private zone has as many records as it can." },
  RouteAlreadyExists: { exit: exitStatus.conflict, origin: "ec2", meaning: "The route table has a route to this destination, and it leads elsewhere." },
  WorkloadDuplicate: { exit: exitStatus.conflict, origin: "vpcctl", meaning: "A workload of that name runs already." },
  HostConflict: { exit: exitStatus.conflict, origin: "vpcctl", meaning: "The host has something in the way that is not ours." },

  NotPermitted: { exit: exitStatus.notPermitted, origin: "vpcctl", meaning: "The process lacks the rights to do this." },
  UnsupportedKernel: { exit: exitStatus.notPermitted, origin: "vpcctl", meaning: "The kernel lacks a feature we need." },
  MissingLibrary: { exit: exitStatus.notPermitted, origin: "vpcctl", meaning: "A library or program we need is not installed." },

  OutputLost: { exit: exitStatus.failed, origin: "vpcctl", meaning: "It was done, but the answer could not be written." },
  StandbyUnavailable: { exit: exitStatus.failed, origin: "vpcctl", meaning: "No standby process could be started, or the one that is there is not for this caller." },
  StandbyLost: { exit: exitStatus.failed, origin: "vpcctl", meaning: "The standby process ended before it had said what became of the command." },
  StoreCorrupt: { exit: exitStatus.failed, origin: "vpcctl", meaning: "The saved state is damaged." },
  StoreUnavailable: { exit: exitStatus.failed, origin: "vpcctl", meaning: "The saved state cannot be read or written." },
  StoreTooNew: { exit: exitStatus.failed, origin: "vpcctl", meaning: "The saved state was written by a newer version." },
  ApplyFailed: { exit: exitStatus.failed, origin: "vpcctl", meaning: "The kernel refused a step; what was done before it is undone." },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorCodes;

/** One thing that is wrong, before it is known whether there are more. */
export interface Problem {
  readonly code: ErrorCode;
  /** What is wrong and why: one sentence. */
  readonly message: string;
  /** What to do about it: one sentence, or the command to run. */
  readonly hint: string;
}

export interface VpcctlErrorInit extends Problem {
  readonly details?: readonly string[];
  readonly problems?: readonly Problem[];
  readonly cause?: unknown;
}

/** A refusal that the user can do something about. Never thrown for a bug. */
export class VpcctlError extends Error {
  override readonly name = "VpcctlError";
  readonly code: ErrorCode;
  readonly hint: string;
  /** Every problem when there are several; for DependencyViolation what depends; absent otherwise. */
  readonly details?: readonly string[];
  /** Every problem by itself, when there are several. */
  readonly problems?: readonly Problem[];

  constructor({ code, message, hint, details, problems, cause }: VpcctlErrorInit) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    if (details !== undefined) this.details = details;
    if (problems !== undefined) this.problems = problems;
  }

  get exitStatus(): ExitStatus {
    return errorCodes[this.code].exit;
  }
}

/** Throws when there is a problem: alone as it is, several under the code of the first, with all of them as details and a line of the hint for each. */
export function refuseProblems(problems: readonly Problem[]): void {
  const [first, ...others] = problems;
  if (first === undefined) return;
  if (others.length === 0) throw new VpcctlError(first);
  throw new VpcctlError({
    code: first.code,
    message: `${problems.length} problems: ${problems.map((problem) => problem.message).join(" ")}`,
    hint: [...new Set(problems.map((problem) => problem.hint))].join("\n"),
    details: problems.map((problem) => problem.message),
    problems,
  });
}
