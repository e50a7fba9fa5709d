// What the VPCs of a seed consist of, all their lives: blocks, subnets, and who is in them.
import { parseCidr, type Cidr } from "../../../src/model/cidr-any.ts";
import { parseCidr6, type Cidr6 } from "../../../src/model/cidr6.ts";
import { nthAddress, parseCidr4, type Cidr4, type Ipv4 } from "../../../src/model/cidr.ts";
import { randomOf } from "./random.ts";

export interface Bones {
  readonly name: string;
  readonly number: number;
  readonly cidr: Cidr4;
  readonly ipv6Cidr?: Cidr6;
  readonly subnets: readonly { readonly name: string; readonly cidr: Cidr4; readonly ipv6Cidr?: Cidr6; readonly slot: number }[];
  readonly instances: readonly { readonly name: string; readonly subnet: string; readonly address: Ipv4; readonly slot: number; readonly router: boolean }[];
}

/** `order` gives other numbers and slots to the same. */
export function bonesOf(seed: number, order: number): Bones[] {
  const random = randomOf(seed, "bones");
  const numbers = randomOf(seed, "order", order);
  const count = 1 + random.below(3);
  const vpcNumbers = numbers.shuffled([1, 2, 3, 7, 20]);
  return ["a", "b", "c"].slice(0, count).map((name, at): Bones => {
    const second = random.pick([0, 1, 2, 2 * at + 1]);
    const cidr = parseCidr4(`10.${second}.0.0/16`);
    const ipv6 = random.chance(0.5);
    // The last ones are on a second bridge.
    const slots = numbers.shuffled([0, 1, 2, 3, 4, 5, 6, 7, 8, 17, 1019, 1020, 1021, 1030]);
    const subnets = ["s", "t", "u"].slice(0, 1 + random.below(3)).map((subnet, n) => ({
      name: subnet,
      cidr: parseCidr4(random.chance(0.5) ? `10.${second}.${n}.0/24` : `10.${second}.${n}.${16 * random.below(16)}/28`),
      slot: slots.pop() ?? 0,
      ...(ipv6 && random.chance(0.85) ? { ipv6Cidr: parseCidr6(`fd00:0:${at + 1}:${n}::/64`) } : {}),
    }));
    const instances = ["i", "j", "k", "l"].slice(0, random.below(5)).map((instance, n) => {
      const subnet = random.pick(subnets);
      return { name: instance, subnet: subnet.name, address: nthAddress(subnet.cidr, 5 + n), slot: slots.pop() ?? 0, router: random.chance(0.35) };
    });
    return { name, number: vpcNumbers.pop() ?? 1, cidr, ...(ipv6 ? { ipv6Cidr: parseCidr6(`fd00:0:${at + 1}::/56`) } : {}), subnets, instances };
  });
}

/** All blocks that rules could name. */
export function blocksOf(bones: readonly Bones[]): Cidr[] {
  return bones.flatMap(({ cidr, ipv6Cidr, subnets, instances }) => [
    ...(ipv6Cidr === undefined ? [] : [ipv6Cidr]),
    cidr,
    ...subnets.flatMap((subnet) => blocksOfSubnet(subnet)),
    ...instances.map(({ address }) => parseCidr(`${address}/32`)),
  ]);
}

export const blocksOfSubnet = ({ cidr, ipv6Cidr }: Bones["subnets"][number]): Cidr[] => (ipv6Cidr === undefined ? [cidr] : [cidr, ipv6Cidr]);
