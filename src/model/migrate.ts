import { freePublicAddress } from "./public-pool.ts";
import { defaultMainTable, publicTable, type World } from "./world.ts";

/** A World of an older layout in the present one; a present one as it is. */
export function migrateWorld(world: World): World {
  const schema: number = world.schema;
  if (schema === 3) return world;
  return withoutMainAssociations(schema < 2 ? withPublicAddresses(world) : world);
}

/** Up to schema 2 there was one main table, `main`, and every subnet named the table that it used. To associate `main` was to have no other. */
function withoutMainAssociations(world: World): World {
  const vpcs = Object.entries(world.vpcs).map(([vpcName, vpc]) => {
    const subnets = Object.entries(vpc.subnets).map(([name, subnet]) => {
      const { routeTable, ...rest } = subnet;
      return [name, routeTable === defaultMainTable ? rest : subnet];
    });
    return [vpcName, { ...vpc, subnets: Object.fromEntries(subnets) }];
  });
  return { ...world, schema: 3, vpcs: Object.fromEntries(vpcs) };
}

/** Schema 1 knew no public addresses: the subnets of the table `public` shared their router's. */
function withPublicAddresses(world: World): World {
  let migrated = world;
  for (const vpc of Object.values(world.vpcs)) {
    for (const subnet of Object.values(vpc.subnets)) {
      const publicAddress = subnet.routeTable === publicTable ? freePublicAddress(migrated) : undefined;
      if (publicAddress === undefined) continue;
      const now = migrated.vpcs[vpc.name] ?? vpc;
      const subnets = { ...now.subnets, [subnet.name]: { ...subnet, mapPublicIp: true as const, publicAddress } };
      migrated = { ...migrated, vpcs: { ...migrated.vpcs, [vpc.name]: { ...now, subnets } } };
    }
  }
  return migrated;
}
