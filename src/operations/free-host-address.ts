// Which address of a subnet is the next to be given, to an instance or to a NAT gateway: the lowest that nobody has. And who has one.
//
// A batch starts a thousand instances one after the other, so what is taken is not counted anew for each of them: it hangs on the record
// of instances from outside, and an operation that adds one hands it on (`recordHost`). The World stays plain data.
import { broadcast, cidrRange, containsAddress, ipToNumber, nthAddress, type Ipv4 } from "../model/cidr.ts";
import { firstHost, isReserved } from "../model/addresses.ts";
import type { Problem } from "../model/errors.ts";
import type { Instance } from "../model/instance.ts";
import type { Named, Subnet, Vpc } from "../model/world.ts";

type Instances = Named<Instance>;

interface Taken {
  readonly numbers: Set<number>;
  /** None below this is free. */
  lowest: number;
}

/** By subnet name, for the subnets that were asked about. */
const taken = new WeakMap<Instances, Map<string, Taken>>();

/** Places 0 to 3 are reserved, 4 is the subnet's own namespace. */
const firstGiven = 5;

/** The lowest address of the subnet that nobody has; `undefined` when all are taken. */
export function freeHostAddress(vpc: Vpc, subnet: Subnet): Ipv4 | undefined {
  const { base, size } = cidrRange(subnet.cidr);
  const used = takenIn(vpc.instances, subnet.name, base);
  const gateways = new Set<number>();
  for (const { address } of Object.values(vpc.natGateways ?? {})) gateways.add(ipToNumber(address) - base);
  while (used.numbers.has(used.lowest)) used.lowest++;
  let n = used.lowest;
  while (used.numbers.has(n) || gateways.has(n)) n++;
  return n < size - 1 ? nthAddress(subnet.cidr, n) : undefined;
}

/** Says that `after` is `before` with one instance more, which has this address. `before` should not be added to again: it would count anew. */
export function recordHost(before: Vpc, after: Vpc, subnet: Subnet, address: Ipv4): void {
  if (before.instances === undefined || after.instances === undefined) return;
  const known = taken.get(before.instances);
  if (known === undefined) return;
  // Handed on, not copied: the older World forgets it, so neither can mislead the other.
  taken.delete(before.instances);
  taken.set(after.instances, known);
  known.get(subnet.name)?.numbers.add(ipToNumber(address) - cidrRange(subnet.cidr).base);
}

function takenIn(instances: Instances | undefined, subnet: string, base: number): Taken {
  if (instances === undefined) return { numbers: new Set(), lowest: firstGiven };
  const bySubnet = taken.get(instances) ?? new Map<string, Taken>();
  const known = bySubnet.get(subnet);
  if (known !== undefined) return known;
  const numbers = new Set<number>();
  for (const instance of Object.values(instances)) if (instance.subnet === subnet) numbers.add(ipToNumber(instance.address) - base);
  const counted = { numbers, lowest: firstGiven };
  bySubnet.set(subnet, counted);
  taken.set(instances, bySubnet);
  return counted;
}

/** What stands against giving this address of the subnet to an instance or a NAT gateway; `undefined` when nothing does. */
export function hostAddressProblem(vpc: Vpc, subnet: Subnet, address: Ipv4): Problem | undefined {
  const { cidr, name } = subnet;
  const place = `subnet ${vpc.name}/${name}`;
  if (!containsAddress(cidr, address)) {
    return { code: "InvalidParameterValue", message: `${address} is not an address of ${place}, which has ${cidr}.`, hint: `Choose one inside ${cidr}.` };
  }
  if (isReserved(cidr, address)) {
    const message = `${address} is reserved: the first four addresses of ${place} and the last are.`;
    return { code: "InvalidParameterValue", message, hint: `Choose one from ${nthAddress(cidr, firstGiven)} to below ${broadcast(cidr)}.` };
  }
  const owner = hostAt(vpc, subnet, address);
  if (owner === undefined) return undefined;
  return { code: "InvalidIPAddress.InUse", message: `${address} is taken: ${owner} has it.`, hint: "Choose another, or none: then the lowest free one is given." };
}

/** Who has the address, in words. */
function hostAt(vpc: Vpc, subnet: Subnet, address: Ipv4): string | undefined {
  if (address === firstHost(subnet.cidr)) return `the subnet ${vpc.name}/${subnet.name} itself`;
  const gateway = Object.values(vpc.natGateways ?? {}).find((one) => one.address === address);
  if (gateway !== undefined) return `NAT gateway ${vpc.name}/${gateway.name}`;
  const { base } = cidrRange(subnet.cidr);
  if (!takenIn(vpc.instances, subnet.name, base).numbers.has(ipToNumber(address) - base)) return undefined;
  const instance = Object.values(vpc.instances ?? {}).find((one) => one.address === address);
  return instance && `instance ${vpc.name}/${instance.name}`;
}

/** For a subnet that has no address left. */
export function noFreeAddress(vpc: Vpc, subnet: Subnet): Problem {
  const message = `Subnet ${vpc.name}/${subnet.name} (${subnet.cidr}) has no free address.`;
  return { code: "InsufficientFreeAddressesInSubnet", message, hint: "Choose another subnet, or take something away from this one." };
}
