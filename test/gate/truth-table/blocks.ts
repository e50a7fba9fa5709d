// Addresses and blocks as text, compared bit by bit. For the oracle: nothing of the product's own arithmetic is in it.
export const lengthOf = (cidr: string): number => Number(cidr.split("/")[1]);

const known = new Map<string, string>();

/** An address as its bits. */
export function bitsOf(address: string): string {
  const bits = known.get(address) ?? makeBits(address);
  known.set(address, bits);
  return bits;
}

function makeBits(address: string): string {
  if (!address.includes(":")) return address.split(".").map((octet) => Number(octet).toString(2).padStart(8, "0")).join("");
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = tail === undefined ? left : [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right];
  return groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}

export function isIn(cidr: string, address: string): boolean {
  const [base = ""] = cidr.split("/");
  return base.includes(":") === address.includes(":") && bitsOf(address).startsWith(bitsOf(base).slice(0, lengthOf(cidr)));
}

/** An IPv4 address of a block, by its number. */
export function plus(cidr: string, n: number): string {
  const sum = Number.parseInt(bitsOf(cidr.split("/")[0] ?? ""), 2) + n;
  return [24, 16, 8, 0].map((shift) => Math.floor(sum / 2 ** shift) % 256).join(".");
}
