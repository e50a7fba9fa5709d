// Which network namespace an interface is to be put into: that of a process, or of a container, which is the namespace of its first process.
import { statSync } from "../kernel/files.ts";
import { VpcctlError } from "../model/errors.ts";
import type { AttachedTo } from "../model/instance.ts";
import { quote } from "../model/quote.ts";

/** Throws InvalidParameterValue when there is no such process, or when it is in the host's own namespace. */
export function targetOfProcess(pid: number, container?: string): AttachedTo {
  const inode = namespaceOf(pid);
  if (inode === undefined) {
    throw refusal(`There is no process ${pid}${container === undefined ? "" : `, which container ${container} is said to be`}.`, "See which there are: ps -e");
  }
  if ([namespaceOf("self"), namespaceOf(1)].includes(inode)) {
    const hint = container === undefined ? "Start it in one of its own, for example: unshare --net PROGRAM" : "Start it with: --network none";
    throw refusal(`${container === undefined ? `Process ${pid}` : `Container ${container}`} is in the host's own network namespace.`, hint);
  }
  return { pid, inode, ...(container === undefined ? {} : { container }) };
}

function namespaceOf(pid: number | "self"): number | undefined {
  try {
    return statSync(`/proc/${pid}/ns/net`).ino;
  } catch {
    return undefined;
  }
}

/** They answer alike. */
const engines = ["docker", "podman"] as const;

/** Asks docker, then podman. Throws MissingLibrary when there is neither, InvalidParameterValue when none runs such a container. */
export function targetOfContainer(name: string): AttachedTo {
  const answers = engines.flatMap((engine) => {
    const path = Bun.which(engine);
    return path === null ? [] : [ask(engine, path, name)];
  });
  if (answers.length === 0) {
    throw new VpcctlError({
      code: "MissingLibrary",
      message: "There is neither docker nor podman on this machine to ask for the container.",
      hint: "Give a process of it instead: --pid PID",
    });
  }
  const pid = answers.map((answer) => answer.pid).find((number) => number !== undefined && number > 0);
  if (pid !== undefined) return targetOfProcess(pid, name);
  const said = answers.map(({ engine, complaint }) => `${engine} says: ${complaint}`).join(" ");
  throw refusal(`There is no running container ${quote(name)}. ${said}`, "See which there are: docker ps");
}

interface Answer {
  readonly engine: string;
  readonly pid?: number;
  readonly complaint: string;
}

function ask(engine: string, path: string, name: string): Answer {
  const { stdout, stderr, exitCode } = Bun.spawnSync([path, "inspect", "--type", "container", "--format", "{{.State.Pid}}", "--", name], { stdin: "ignore" });
  const text = stdout.toString().trim();
  if (exitCode === 0 && text === "0") return { engine, complaint: "it has stopped." };
  if (exitCode === 0 && /^[1-9]\d*$/.test(text)) return { engine, pid: Number(text), complaint: "" };
  const [complaint = ""] = (stderr.toString().trim() || text || `exit status ${exitCode}`).split("\n");
  return { engine, complaint: complaint.replace(/[.?!]*$/, ".") };
}

function refusal(message: string, hint: string): VpcctlError {
  return new VpcctlError({ code: "InvalidParameterValue", message, hint });
}
