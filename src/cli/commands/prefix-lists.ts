import { exitStatus } from "../../model/errors.ts";
import { vpcsUsing } from "../../operations/prefix-list.ts";
import type { Run } from "../command.ts";
import { formatTable } from "../table.ts";

export const run: Run = async ({ output, wiring }) => {
  const world = await wiring.world();
  const lists = Object.values(world.prefixLists ?? {}).map(({ name, cidrs }) => ({ name, cidrs, usedBy: vpcsUsing(world, name) }));
  if (output.json) {
    output.printJson({ prefixLists: lists });
  } else if (lists.length === 0) {
    output.print("There are no prefix lists.\n");
    output.hint("Make one: vpcctl create-prefix-list NAME --cidr CIDR");
  } else {
    const heading = ["PREFIX LIST", "CIDRS", "USED BY"].map((cell) => output.style("bold", cell));
    const rows = lists.map(({ name, cidrs, usedBy }) => [name, cidrs.length === 0 ? "none" : cidrs.join(", "), usedBy.length === 0 ? "nobody" : `VPC ${usedBy.join(", ")}`]);
    output.print(formatTable([heading, ...rows]));
  }
  return exitStatus.done;
};
