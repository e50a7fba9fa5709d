import { defaultMainTable, mainTableOf, type Route, type RouteTable, type RouteTarget, type Vpc } from "../model/world.ts";
import type { Change } from "./change.ts";
import { change, differing } from "./differences.ts";

/** What changed about the route tables of a VPC: a new one and one that went with all its routes, else route by route. */
export function* routeTableChanges(vpc: string, before: Vpc | undefined, after: Vpc | undefined): Generator<Change> {
  for (const [old, now, name] of differing<RouteTable>(before?.routeTables, after?.routeTables)) {
    const isNews = !goesWithVpc(name, before, after) && (old === undefined || now === undefined);
    if (isNews) yield* change(`route table ${vpc}/${name}`, old && tableText(old), now && tableText(now));
    else {
      yield* routeChanges(`${vpc}/${name}`, old?.routes ?? [], now?.routes ?? []);
      yield* change(`route table ${vpc}/${name}`, numberText(old, now), numberText(now, old));
    }
  }
  if (after !== undefined && before?.mainRouteTable !== after.mainRouteTable) {
    yield { action: "update", subject: `VPC ${vpc}`, detail: `main route table ${before === undefined ? defaultMainTable : mainTableOf(before)} -> ${mainTableOf(after)}` };
  }
}

/** A VPC is made with `main`, and while that is its main table it stays as long as the VPC: it is no news that it exists. */
const goesWithVpc = (table: string, before: Vpc | undefined, after: Vpc | undefined): boolean =>
  table === defaultMainTable && (before === undefined || after === undefined) && (before ?? after)?.mainRouteTable === undefined;

/** Deleted and made again within one batch: another table, by the same name. */
const numberText = (table: RouteTable | undefined, other: RouteTable | undefined): string | undefined =>
  table === undefined || other === undefined || table.number === other.number ? undefined : `number ${table.number}`;

function* routeChanges(table: string, before: readonly Route[], after: readonly Route[]): Generator<Change> {
  const byDestination = (routes: readonly Route[]) => Object.fromEntries(routes.map((route) => [route.destination, route]));
  for (const [old, now, destination] of differing<Route>(byDestination(before), byDestination(after))) {
    yield* change(`route ${table} ${destination}`, old && targetText(old.target), now && targetText(now.target));
  }
}

const tableText = ({ routes }: RouteTable): string =>
  routes.length === 0 ? "local routes only" : routes.map(({ destination, target }) => `${destination} ${targetText(target)}`).join(", ");

function targetText(target: RouteTarget): string {
  switch (target.kind) {
    case "blackhole":
      return "to nowhere";
    case "internet-gateway":
      return "to internet gateway";
    case "egress-only-internet-gateway":
      return "to egress-only internet gateway";
    case "nat-gateway":
      return `to NAT gateway ${target.name}`;
    default:
      return `to ${target.kind} ${target.name}`;
  }
}
