// `run-workload`: hands terminal, signals and exit status over to a program in a subnet, or starts it in the background.
import { exitStatus, VpcctlError } from "../../model/errors.ts";
import type { Command, Workload } from "../../workloads/workload.ts";
import type { Run } from "../command.ts";
import type { Invocation } from "../invocation.ts";

export const run: Run = async (invocation) => {
  const vpc = invocation.argument("vpc");
  const subnet = invocation.argument("subnet");
  const command = commandOf(invocation);
  const name = nameOf(invocation);
  const engine = await invocation.engine();
  const { namespace, nameServer } = engine.placement(vpc, subnet);
  const workload: Workload = { vpc, subnet, namespace, command, ...(nameServer === undefined ? {} : { nameServer }) };
  if (name !== undefined) await startInBackground({ ...workload, name }, invocation);
  // Before it runs: a workload in the foreground takes the place of this process.
  engine.record({ command: invocation.line, result: "done", steps: 0, milliseconds: 0 });
  return name === undefined ? runInForeground(workload, invocation) : exitStatus.done;
};

function commandOf(invocation: Invocation): Command {
  const shell = invocation.optionalArgument("command");
  const [program, ...words] = invocation.trailing ?? [];
  if (shell !== undefined && program === undefined) return { shell };
  if (shell === undefined && program !== undefined) return { argv: [program, ...words] };
  throw new VpcctlError({
    code: shell === undefined ? "MissingParameter" : "InvalidParameterValue",
    message: shell === undefined ? "There is no command to run." : "There are two commands: one as a string, one after --.",
    hint: 'Give it as one word in quotes, "curl -s http://www.google.com", or as it is after --: -- curl -s http://www.google.com',
  });
}

function nameOf(invocation: Invocation): string | undefined {
  const name = invocation.value("name");
  if (invocation.flag("detach") === (name !== undefined)) return name;
  throw new VpcctlError({
    code: "MissingParameter",
    message: "--detach and --name belong together: a workload in the background is found by its name.",
    hint: "For example: --detach --name web",
  });
}

async function runInForeground(workload: Workload, { output }: Invocation): Promise<number> {
  const { runWorkload } = await import("../../workloads/run-workload.ts");
  const { code, reason } = runWorkload(workload, (note) => output.warn(note));
  // 126 and 127, as a shell says it.
  output.warn(`${output.styleError("red", "Error:")} ${reason}`);
  return code;
}

async function startInBackground(workload: Workload & { readonly name: string }, { output }: Invocation): Promise<void> {
  const { startWorkload } = await import("../../workloads/start-workload.ts");
  const record = startWorkload(workload, (note) => output.warn(note));
  if (output.json) output.printJson({ workload: record });
  else output.print(`Started workload ${record.name} in ${record.vpc}/${record.subnet} (pid ${record.pid}).\n`);
  output.hint(`See what it prints: vpcctl logs ${record.name} -f. End it: vpcctl stop ${record.name}`);
}
