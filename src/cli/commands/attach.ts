// `attach`: run-instance with a network namespace that is somebody else's. Not a line of a batch file: whose namespace it is has to be looked up.
import { refuseProblems, VpcctlError } from "../../model/errors.ts";
import type { AttachedTo } from "../../model/instance.ts";
import { quote } from "../../model/quote.ts";
import { findInstance, findVpc } from "../../model/world.ts";
import { runInstance, type RunInstanceInput } from "../../operations/run-instance.ts";
import { targetOfContainer, targetOfProcess } from "../../workloads/attach-target.ts";
import type { Run } from "../command.ts";
import type { Invocation } from "../invocation.ts";
import type { BoundVerb } from "../verb-command.ts";
import { changeWorld } from "./change-world.ts";

export const run: Run = async (invocation) => {
  const name = invocation.value("name");
  if (name === undefined) throw new VpcctlError({ code: "MissingParameter", message: "The instance has no name.", hint: "Give it one: --name db1" });
  const ip = invocation.value("ip");
  const groups = invocation.parsed.lists["security-group"];
  return changeWorld(
    invocation,
    "run-instance",
    bind({
      vpc: invocation.argument("vpc"),
      subnet: invocation.argument("subnet"),
      name,
      attachedTo: targetOf(invocation),
      ...(ip === undefined ? {} : { ip }),
      ...(groups === undefined ? {} : { securityGroups: groups }),
      ...(invocation.flag("public") ? { public: true } : {}),
    }),
  );
};

function targetOf(invocation: Invocation): AttachedTo {
  const [pid, container] = [invocation.value("pid"), invocation.value("container")];
  if ((pid === undefined) === (container === undefined)) {
    throw new VpcctlError({
      code: pid === undefined ? "MissingParameter" : "InvalidParameterValue",
      message: pid === undefined ? "Attached to what?" : "A process and a container are two places.",
      hint: "Give either --pid PID or --container NAME.",
    });
  }
  if (container !== undefined) return targetOfContainer(container);
  const isPid = pid !== undefined && /^[1-9]\d{0,9}$/.test(pid);
  refuseProblems(isPid ? [] : [{ code: "InvalidParameterValue", message: `${quote(pid ?? "")} is not the number of a process.`, hint: "See which there are: ps -e" }]);
  return targetOfProcess(Number(pid));
}

function bind(input: RunInstanceInput): BoundVerb {
  const place = `${input.vpc}/${input.name}`;
  const to = input.attachedTo?.container === undefined ? `process ${input.attachedTo?.pid}` : `container ${input.attachedTo.container}`;
  return {
    touches: () => [{ vpc: input.vpc, subnets: [`${input.subnet}/${input.name}`] }],
    operate: (world) => runInstance(world, input),
    done(world) {
      const vpc = findVpc(world, input.vpc);
      const address = vpc === undefined ? undefined : findInstance(vpc, input.name)?.address;
      return `Attached ${to} to subnet ${input.subnet}: it is instance ${place} with ${address}.`;
    },
    unchanged: () => `Instance ${place} is attached to ${to} already.`,
  };
}
