// The World: what the user means, as plain JSON data. Verbs make a new World from an old one and share every part they did not
// change, so "is this part the same?" is a pointer comparison; the compiler lives off that.
import type { Cidr4 } from "./cidr.ts";

export interface World {
  /** Version of this layout; the store migrates older ones. */
  readonly schema: 1;
  readonly vpcs: Readonly<Record<string, Vpc>>;
}

export interface Vpc {
  readonly name: string;
  /** Smallest number free among the VPCs when this one was made, from 1. Gives the transit addresses of its internet gateway. */
  readonly number: number;
  readonly cidr: Cidr4;
  readonly subnets: Readonly<Record<string, Subnet>>;
  /** Always holds `main`, as in EC2. */
  readonly routeTables: Readonly<Record<string, RouteTable>>;
  readonly internetGateway: boolean;
}

export interface Subnet {
  readonly name: string;
  readonly cidr: Cidr4;
  /** Place among the VPC's attachments, from 0; the smallest free one when the subnet was made. Decides the bridge it hangs on. */
  readonly slot: number;
  /** Name of the associated route table; `main` unless another was asked for. */
  readonly routeTable: string;
}

export interface RouteTable {
  readonly name: string;
  /** 1 for `main`; the smallest free number otherwise. It is the packet mark and gives the kernel's table number. */
  readonly number: number;
  /** Besides the `local` route, which every table has and nobody can take away. Longest prefix wins. */
  readonly routes: readonly Route[];
}

export interface Route {
  readonly destination: Cidr4;
  readonly target: RouteTarget;
}

export type RouteTarget = { readonly kind: "internet-gateway" } | { readonly kind: "blackhole" };

export const emptyWorld: World = { schema: 1, vpcs: {} };

/** The route table every VPC has; a subnet without another association uses it. */
export const mainTable = "main";

/** The route table that enable-internet makes and disable-internet takes away. */
export const publicTable = "public";

/** The destination of a default route. */
export const anywhere = "0.0.0.0/0" as Cidr4;

export function findVpc(world: World, name: string): Vpc | undefined {
  return own(world.vpcs, name);
}

export function findSubnet(vpc: Vpc, name: string): Subnet | undefined {
  return own(vpc.subnets, name);
}

export function findRouteTable(vpc: Vpc, name: string): RouteTable | undefined {
  return own(vpc.routeTables, name);
}

/** `constructor` is a valid name, and every plain object inherits one: only what was put in counts. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
