import { EINVAL, EPERM } from "../kernel/errno.ts";
import { namespaceCalls, errno, strerror } from "../kernel/libc.ts";
import { NamespaceHandle } from "../kernel/namespaces.ts";
import { VpcctlError } from "../model/errors.ts";
import { mountPrivately } from "./private-mounts.ts";
import { inheritedOpenFiles, type NotStarted, replaceProcess } from "./replace-process.ts";
import { type Resolvers, resolversFor } from "./resolvers.ts";
import { argvOf, type Workload } from "./workload.ts";

const CLONE_NEWNET = 0x40000000;

/**
 * Becomes the workload: this process enters the namespace and executes the command in its own place, so signals, terminal and exit
 * status are the workload's and nothing after this call runs. Whatever is to be recorded must be recorded before. Returns only when
 * the command cannot be executed; the process is in the workload's namespaces then and has nothing left to do but to say so and exit.
 * `warn` gets sentences the user should know. Throws KernelError when there is no such namespace, VpcctlError without the rights.
 */
export function runWorkload(workload: Workload, warn: (note: string) => void, resolvers: Resolvers = resolversFor(workload)): NotStarted {
  const openFiles = inheritedOpenFiles();
  if (resolvers.note !== undefined) warn(resolvers.note);
  for (const note of enterWorkloadNamespaces(workload.namespace, resolvers.text)) warn(note);
  return replaceProcess(argvOf(workload.command), placeVariables(workload), openFiles);
}

/** How a workload can tell where it runs. */
export function placeVariables({ vpc, subnet, instance }: Workload): Record<string, string> {
  return { VPCCTL_VPC: vpc, VPCCTL_SUBNET: subnet, ...(instance === undefined ? {} : { VPCCTL_INSTANCE: instance }) };
}

/** Puts this process into the network namespace and a mount namespace of its own, for good. Returns notes for the user. */
export function enterWorkloadNamespaces(namespace: string, resolvConf: string): readonly string[] {
  using handle = new NamespaceHandle(namespace);
  if (namespaceCalls().setns(handle.fd, CLONE_NEWNET) !== 0) throw refusal(namespace, errno());
  return mountPrivately(resolvConf);
}

function refusal(namespace: string, number: number): VpcctlError {
  // Its name is about to go: it is a plain file already.
  if (number === EINVAL) {
    return new VpcctlError({
      code: "ApplyFailed",
      message: `Cannot enter namespace ${namespace}: it has just been taken away.`,
      hint: "If it should be there, run the command that made it again: it puts right what is missing.",
    });
  }
  const known = number === EPERM;
  return new VpcctlError({
    code: known ? "NotPermitted" : "UnsupportedKernel",
    message: `Cannot enter namespace ${namespace}: ${strerror(number)}.`,
    hint: known ? "Run it as root, or inside `vpcctl sandbox`." : "See what is missing: vpcctl doctor",
  });
}
