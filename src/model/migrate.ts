import { freePublicAddress } from "./public-pool.ts";
import { publicTable, type World } from "./world.ts";

/** A World of an older layout in the present one; a present one as it is. */
export function migrateWorld(world: World): World {
  const schema: number = world.schema;
  return schema < 2 ? withPublicAddresses({ ...world, schema: 2 }) : world;
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
