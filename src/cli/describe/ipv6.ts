// The IPv6 side of a VPC: who has which address. Ways out stand with the route tables.
import { ipv6AddressOf } from "../../model/addresses6.ts";
import { attachmentsOf } from "../../model/attachment.ts";
import type { Vpc } from "../../model/world.ts";

/** A row of `describe` beside the internet gateway's; none for a VPC without it. */
export function egressOnlyRows({ egressOnlyInternetGateway, ipv6Cidr }: Vpc): string[][] {
  if (egressOnlyInternetGateway !== true) return [];
  return [["├─ egress-only internet gateway", ipv6Cidr === undefined ? "without use: the VPC has no IPv6" : "out by IPv6, and only answers in"]];
}

/** Rows of `describe`: the addresses by IPv6, subnets first; none for a VPC without it. */
export function ipv6Rows(vpc: Vpc): string[][] {
  const rows = addressesOf(vpc).map(({ path, address }, at, all) => [`│  ${at === all.length - 1 ? "└─" : "├─"} ${path}`, address]);
  return vpc.ipv6Cidr === undefined || rows.length === 0 ? [] : [["├─ IPv6 addresses"], ...rows];
}

/** The same for --json; null for a VPC that has neither block nor gateway for IPv6. */
export function ipv6Json(vpc: Vpc): object | null {
  const { ipv6Cidr, egressOnlyInternetGateway } = vpc;
  if (ipv6Cidr === undefined && egressOnlyInternetGateway === undefined) return null;
  return {
    cidr: ipv6Cidr ?? null,
    egressOnlyInternetGateway: egressOnlyInternetGateway === true,
    subnets: Object.fromEntries(Object.values(vpc.subnets).flatMap((subnet) => (subnet.ipv6Cidr === undefined ? [] : [[subnet.name, subnet.ipv6Cidr]]))),
    addresses: Object.fromEntries(addressesOf(vpc).map(({ path, address }) => [path, address])),
  };
}

const addressesOf = (vpc: Vpc) =>
  attachmentsOf(vpc).flatMap((attachment) => {
    const address = ipv6AddressOf(attachment);
    return address === undefined ? [] : [{ path: attachment.path, address }];
  });
