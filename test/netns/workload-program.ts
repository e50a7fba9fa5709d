// A program made of src/workloads alone, so that its tests depend on no command: what main.ts is to vpcctl.
import { VpcctlError } from "../../src/model/errors.ts";
import type { RestartPolicy } from "../../src/model/instance.ts";
import { endProcessesIn } from "../../src/workloads/processes.ts";
import { listWorkloads } from "../../src/workloads/records.ts";
import { runWorkload } from "../../src/workloads/run-workload.ts";
import { startWorkload, SUPERVISE_VERB } from "../../src/workloads/start-workload.ts";
import { forgetWorkloads, stopWorkload } from "../../src/workloads/stop-workload.ts";
import { superviseWorkload } from "../../src/workloads/supervise.ts";
import type { Command } from "../../src/workloads/workload.ts";
import { workloadLog } from "../../src/workloads/workload-log.ts";

const [verb = "", ...words] = process.argv.slice(2);
const subnet = { vpc: "lab", subnet: "one", namespace: "vpc.lab.one" } as const;
const warn = (note: string) => console.error(`note: ${note}`);

function commandOf([first = "", ...rest]: readonly string[]): Command {
  return first === "sh" ? { shell: rest.join(" ") } : { argv: [first, ...rest] };
}

async function main(): Promise<number> {
  switch (verb) {
    case SUPERVISE_VERB:
      superviseWorkload(words);
      return 1;
    case "run": {
      const { code, reason } = runWorkload({ ...subnet, command: commandOf(words) }, warn);
      console.error(reason);
      return code;
    }
    case "start": {
      const { pid } = startWorkload({ ...subnet, name: words[0] ?? "", command: commandOf(words.slice(1)) }, warn);
      console.log(pid);
      return 0;
    }
    case "supervise": {
      const [name = "", restart, ...command] = words;
      const workload = { ...subnet, instance: "one", name, restart: restart as RestartPolicy, command: commandOf(command) };
      console.log(startWorkload(workload, warn).pid);
      return 0;
    }
    case "log":
      for await (const chunk of workloadLog(words[0] ?? "", { follow: words[1] === "-f" })) await Bun.write(Bun.stdout, chunk);
      return 0;
    default:
      console.log(JSON.stringify(answer()));
      return 0;
  }
}

function answer(): unknown {
  if (verb === "list") return listWorkloads();
  if (verb === "stop") return stopWorkload(words[0] ?? "", Number(words[1] ?? 10_000)).state;
  if (verb === "end") return endProcessesIn(words).map(({ name }) => name);
  if (verb === "forget") return forgetWorkloads(words[0]) ?? "forgotten";
  throw new Error(`no verb ${verb}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof VpcctlError ? `${error.code}: ${error.message}` : error);
  process.exitCode = 4;
}
