import { exitStatus } from "../../model/errors.ts";
import { instancesOf } from "../../model/instance.ts";
import { publicPoolOf } from "../../model/public-pool.ts";
import type { Vpc, World } from "../../model/world.ts";
import { sayOwner } from "../../operations/public-address.ts";
import type { Run } from "../command.ts";
import { formatTable } from "../table.ts";

interface PublicAddress {
  readonly address: string;
  /** Name of the Elastic IP; absent when it goes back to the pool with who has it. */
  readonly elasticIp?: string;
  readonly owner?: string;
}

export const run: Run = async ({ output, wiring }) => {
  const world = await wiring.world();
  const pool = publicPoolOf(world);
  const addresses = addressesIn(world);
  if (output.json) {
    output.printJson({ pool, addresses });
    return exitStatus.done;
  }
  const heading = ["ADDRESS", "ELASTIC IP", "OF"].map((cell) => output.style("bold", cell));
  const rows = addresses.map(({ address, elasticIp = "no", owner = "nobody" }) => [address, elasticIp, owner]);
  output.print(rows.length === 0 ? "No public address is in use.\n" : formatTable([heading, ...rows]));
  output.print(`They come from ${pool}.\n`);
  if (rows.length === 0) output.hint("Reserve one: vpcctl allocate-address NAME");
  return exitStatus.done;
};

function addressesIn(world: World): PublicAddress[] {
  const elastic = Object.values(world.elasticIps ?? {}).map(({ name, address, association }): PublicAddress => ({
    address,
    elasticIp: name,
    ...(association === undefined ? {} : { owner: sayOwner(association) }),
  }));
  const known = new Set(elastic.map(({ address }) => address));
  return [...elastic, ...Object.values(world.vpcs).flatMap(attached).filter(({ address }) => !known.has(address))];
}

function attached(vpc: Vpc): PublicAddress[] {
  const subnets = Object.values(vpc.subnets).map(({ name, publicAddress }) => ({ publicAddress, owner: `subnet ${vpc.name}/${name}` }));
  const instances = instancesOf(vpc).map(({ name, publicAddress }) => ({ publicAddress, owner: `instance ${vpc.name}/${name}` }));
  return [...subnets, ...instances].flatMap(({ publicAddress, owner }) => (publicAddress === undefined ? [] : [{ address: publicAddress, owner }]));
}
