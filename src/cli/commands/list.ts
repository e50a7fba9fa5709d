import { exitStatus } from "../../model/errors.ts";
import { cidrsOf } from "../../model/vpc-cidrs.ts";
import type { Vpc } from "../../model/world.ts";
import type { Run } from "../command.ts";
import { formatTable } from "../table.ts";

export const run: Run = async ({ output, wiring }) => {
  const vpcs = Object.values((await wiring.world()).vpcs);
  if (output.json) {
    output.printJson({
      vpcs: vpcs.map((vpc) => {
        const { name, cidr, secondaryCidrs = [], internetGateway } = vpc;
        return { name, cidr, secondaryCidrs, subnets: Object.keys(vpc.subnets).length, internetGateway };
      }),
    });
    return exitStatus.done;
  }
  if (vpcs.length === 0) {
    output.print("There are no VPCs.\n");
    output.hint("Make one: vpcctl create-vpc company-a 10.0.0.0/16");
    return exitStatus.done;
  }
  const heading = ["VPC", "CIDR", "SUBNETS", "INTERNET"].map((cell) => output.style("bold", cell));
  output.print(formatTable([heading, ...vpcs.map(row)]));
  return exitStatus.done;
};

function row(vpc: Vpc): string[] {
  return [vpc.name, cidrsOf(vpc).join(", "), String(Object.keys(vpc.subnets).length), vpc.internetGateway ? "yes" : "no"];
}
