// Everything that hangs on a VPC's bridge by a wire of its own: the own namespace of each subnet, and each instance. The data plane
// treats them alike.
import { firstHost } from "./addresses.ts";
import type { Ipv4 } from "./cidr.ts";
import type { Instance } from "./instance.ts";
import { defaultGroup } from "./security-group.ts";
import { findInstance, findSubnet, type Subnet, type Vpc } from "./world.ts";

export interface Attachment {
  /** Unique in the VPC: `web` for a subnet's own namespace, `web/web1` for an instance. */
  readonly path: string;
  readonly subnet: Subnet;
  readonly instance?: Instance;
  readonly address: Ipv4;
  readonly slot: number;
  /** At least one. What counts unless the subnet has a policy. */
  readonly securityGroups: readonly string[];
  readonly publicAddress?: Ipv4;
}

const defaultGroups: readonly string[] = [defaultGroup];

/** The subnet's own namespace. */
export function subnetAttachment(subnet: Subnet): Attachment {
  const { name: path, slot, securityGroups = defaultGroups, publicAddress } = subnet;
  return { path, subnet, address: firstHost(subnet.cidr), slot, securityGroups, ...(publicAddress === undefined ? {} : { publicAddress }) };
}

export function instanceAttachment(subnet: Subnet, instance: Instance): Attachment {
  const { name, address, slot, securityGroups = defaultGroups, publicAddress } = instance;
  return { path: `${subnet.name}/${name}`, subnet, instance, address, slot, securityGroups, ...(publicAddress === undefined ? {} : { publicAddress }) };
}

/** An instance's, by its name; undefined when there is no such instance. */
export function findInstanceAttachment(vpc: Vpc, name: string): Attachment | undefined {
  const instance = findInstance(vpc, name);
  const subnet = instance && findSubnet(vpc, instance.subnet);
  return subnet && instanceAttachment(subnet, instance);
}

/** Subnets first. */
export function attachmentsOf(vpc: Vpc): Attachment[] {
  const instances = Object.keys(vpc.instances ?? {}).flatMap((name) => findInstanceAttachment(vpc, name) ?? []);
  return [...Object.values(vpc.subnets).map(subnetAttachment), ...instances];
}
