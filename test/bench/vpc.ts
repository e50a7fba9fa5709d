// The one VPC everybody builds: "bench", 10.0.0.0/16, cut into /26 blocks s0, s1, ... c-limit.c and shell-way.sh know the same plan.

const addressOf = (subnet: number, offset: number): string => {
  const n = subnet * 64 + offset;
  return `10.0.${n >> 8}.${n & 255}`;
};

/** The address of a subnet's own namespace. */
export const subnetAddress = (subnet: number): string => addressOf(subnet, 4);

export const addSubnetWords = (subnet: number, vpc = "bench"): string[] => ["add-subnet", vpc, `s${subnet}`, `${addressOf(subnet, 0)}/26`];

/** A batch file with `size` subnets. */
export function batchFile(size: number, vpc = "bench"): string {
  const lines = [`create-vpc ${vpc} 10.0.0.0/16`];
  for (let subnet = 0; subnet < size; subnet++) lines.push(addSubnetWords(subnet, vpc).join(" "));
  return `${lines.join("\n")}\n`;
}
