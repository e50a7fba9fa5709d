import type { Ipv4 } from "./cidr.ts";
import type { Shaping } from "./shaping.ts";
import type { Vpc } from "./world.ts";

/** A network namespace of its own in a subnet, with one interface. Names are unique in the VPC, so that DNS names are too. */
export interface Instance {
  readonly name: string;
  readonly subnet: string;
  readonly address: Ipv4;
  /** As a subnet's: one counter for both, so an attachment has one place whatever it is. */
  readonly slot: number;
  /** `default` alone when absent. At most five, as in EC2. */
  readonly securityGroups?: readonly string[];
  /** An Elastic IP's, or one of the pool; that one is given back when the instance stops. */
  readonly publicAddress?: Ipv4;
  /** Gets an address of the pool each time it starts, unless it has an Elastic IP (EC2's AssociatePublicIpAddress). */
  readonly associatePublicIp?: true;
  /** False: may send and receive packets that are not from or to itself (a router, a firewall appliance). */
  readonly sourceDestCheck?: false;
  readonly state: InstanceState;
  readonly workload?: InstanceWorkload;
  /** The interface was put into a namespace that is not ours. */
  readonly attachedTo?: AttachedTo;
  readonly shaping?: Shaping;
}

/** A stopped instance keeps its place, its addresses and its interface; nothing runs in it, and it is off the wire. */
export type InstanceState = "running" | "stopped";

/** A process, whose network namespace holds the interface. */
export interface AttachedTo {
  readonly pid: number;
  /** Inode of the namespace: the process may end, and its number become another's. */
  readonly inode: number;
  /** As the user named it. */
  readonly container?: string;
}

export interface InstanceWorkload {
  /** One string is for a shell. */
  readonly command: string | readonly string[];
  readonly restart: RestartPolicy;
}

export type RestartPolicy = "always" | "on-failure" | "never";

export const instancesOf = (vpc: Vpc): readonly Instance[] => (vpc.instances === undefined ? [] : Object.values(vpc.instances));
