// `run-workload`: hands terminal, signals and exit status over to a program in a subnet, or starts it in the background.
import { exitStatus, VpcctlError } from "../../model/errors.ts";
import { checkName, nameRule } from "../../model/names.ts";
import type { Workload } from "../../workloads/workload.ts";
import type { Run } from "../command.ts";
import type { Invocation } from "../invocation.ts";
import { programOf } from "../program-words.ts";
import { runInForeground } from "../run-in-foreground.ts";

export const run: Run = async (invocation) => {
  const vpc = invocation.argument("vpc");
  const subnet = invocation.argument("subnet");
  const command = programOf(invocation);
  const name = nameOf(invocation);
  const engine = await invocation.engine();
  // Until it has started: its subnet must not be taken away meanwhile, and nobody else may start one of its name.
  using _ = engine.lock(invocation.request().onWait);
  const { namespace, nameSettings } = engine.placement(vpc, subnet);
  const workload: Workload = { vpc, subnet, namespace, command, ...(nameSettings === undefined ? {} : { nameSettings }) };
  if (name !== undefined) await startInBackground({ ...workload, name }, invocation);
  // Before it runs: a workload in the foreground takes the place of this process, which lets go of the lock.
  engine.record({ command: invocation.line, result: "done", steps: 0, milliseconds: 0 });
  return name === undefined ? await runInForeground(workload, invocation.output) : exitStatus.done;
};

function nameOf(invocation: Invocation): string | undefined {
  const name = invocation.value("name");
  // Names of the programs of instances are not for the taking.
  const problem = name === undefined ? undefined : checkName("workload", name);
  if (problem !== undefined) throw new VpcctlError({ code: "InvalidParameterValue", message: problem, hint: nameRule });
  if (invocation.flag("detach") === (name !== undefined)) return name;
  throw new VpcctlError({
    code: "MissingParameter",
    message: "--detach and --name belong together: a workload in the background is found by its name.",
    hint: "For example: --detach --name web",
  });
}

async function startInBackground(workload: Workload & { readonly name: string }, { output }: Invocation): Promise<void> {
  const { startWorkload } = await import("../../workloads/start-workload.ts");
  const record = startWorkload(workload, (note) => output.warn(note));
  if (output.json) output.printJson({ workload: record });
  else output.print(`Started workload ${record.name} in ${record.vpc}/${record.subnet} (pid ${record.pid}).\n`);
  output.hint(`See what it prints: vpcctl logs ${record.name} -f. End it: vpcctl stop ${record.name}`);
}
