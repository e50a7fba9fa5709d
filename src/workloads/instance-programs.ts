// The programs of instances, made what the World says: one that should run is started, one that should not is ended, each under the restart
// policy of its instance. Nothing is remembered besides the records of workloads (records.ts), so whatever was killed, by a reboot too, is
// simply not there and is started again by the next command that looks.
//
// A program of its own accord ended is started again only where its policy says so, just as its supervisor would. One that we ended because
// its instance was stopped bears a mark, and is started whatever the policy, for its instance boots.
import { existsSync, writeFileSync } from "../kernel/files.ts";
import { asKernelError, KernelError } from "../kernel/errors.ts";
import { VpcctlError } from "../model/errors.ts";
import { changedNames } from "../model/changed-names.ts";
import { nameSettingsOf } from "../model/dhcp-options.ts";
import { instancesOf, type Instance, type InstanceWorkload, type RestartPolicy } from "../model/instance.ts";
import { findInstance, findVpc, type Vpc, type World } from "../model/world.ts";
import { endProcessesIn } from "./processes.ts";
import { stepsOf, type ProgramStep } from "./program-steps.ts";
import { isUp, programName, readRecord, recordedPrograms, stateOf, workloadFiles } from "./records.ts";
import { startWorkloads, type DetachedWorkload } from "./start-workload.ts";
import { forgetThese, stopWorkloads } from "./stop-workload.ts";
import { argvOf, type Command, type WorkloadRecord, type WorkloadState } from "./workload.ts";

/** As a driver's: "all", or VPCs, and of these all attachments or those with the paths. */
type Scope = "all" | readonly { readonly vpc: string; readonly subnets?: readonly string[] }[];

export interface InstancePrograms {
  /** To be told of a change before it is made: programs of instances that are new in it must start, or the change is refused. */
  demand(before: World, after: World): void;
  plan(world: World, scope: Scope): ProgramStep[];
  /** Would `release` or `settle` start or end one? */
  startsOrEnds(world: World, scope: Scope): boolean;
  /** Ends what should not run. */
  release(world: World, scope: Scope): ProgramStep[];
  /**
   * Ends first, all at once and with time to say farewell; then starts. Throws VpcctlError when one does not start that is new, or that was
   * asked for when nothing else is to be done; another that does not start is no reason to refuse something else.
   */
  settle(world: World, scope: Scope): ProgramStep[];
}

interface Deeds {
  readonly end: WorkloadRecord[];
  readonly forget: WorkloadRecord[];
  readonly start: DetachedWorkload[];
  /** Names of those of them whose instance the scope names. */
  readonly asked: Set<string>;
  /** Namespaces in which nothing may run. */
  readonly still: string[];
}

/** @param namespaceOf name of the namespace of an attachment, by its path */
export function createInstancePrograms(namespaceOf: (vpc: string, path: string) => string): InstancePrograms {
  let newOnes: ReadonlySet<string> = new Set();
  let isUnchanged = false;
  const look = (world: World, scope: Scope): Deeds => asKernelError("look for the programs of instances", undefined, () => deedsIn(world, scope, namespaceOf));
  return {
    demand(before, after) {
      newOnes = newPrograms(before, after);
      isUnchanged = before === after;
    },
    plan: (world, scope) => stepsOf(look(world, scope)),
    startsOrEnds(world, scope) {
      const { end, start } = look(world, scope);
      return end.length > 0 || start.length > 0;
    },
    release(world, scope) {
      const deeds = look(world, scope);
      asKernelError("end the programs of instances", undefined, () => endAll(deeds));
      // Those that start anew are told when they do.
      return stepsOf({ ...deeds, forget: [], start: [] }).filter(({ subject }) => deeds.start.every(({ name }) => subject !== `program ${name}`));
    },
    settle(world, scope) {
      const deeds = look(world, scope);
      const failures = asKernelError("keep the programs of instances", undefined, () => act(deeds));
      for (const [name, error] of failures) {
        const isExpected = error instanceof VpcctlError || error instanceof KernelError;
        if (newOnes.has(name) || (isUnchanged && deeds.asked.has(name)) || !isExpected) throw error;
      }
      return stepsOf({ ...deeds, start: deeds.start.filter(({ name }) => !failures.has(name)) });
    },
  };
}

function endAll({ end, still }: Deeds): void {
  stopWorkloads(end.map(({ name }) => name));
  if (still.length > 0) endProcessesIn(still);
  for (const { name } of end) if (existsSync(workloadFiles(name).directory)) writeFileSync(markOf(name), "");
}

function act(deeds: Deeds): ReadonlyMap<string, unknown> {
  endAll(deeds);
  const { forget, start } = deeds;
  if (forget.length > 0) forgetThese(forget.map(({ name }) => name));
  return startWorkloads(start, () => undefined);
}

/** Of instances that are to run and did not, or not with this program. */
function newPrograms(before: World, after: World): Set<string> {
  const names = new Set<string>();
  for (const vpc of Object.values(after.vpcs)) {
    const old = findVpc(before, vpc.name);
    for (const name of changedNames(old?.instances, vpc.instances).changed) {
      const instance = findInstance(vpc, name);
      const was = old && findInstance(old, name);
      const ran = was?.state === "running" && was.workload === instance?.workload;
      if (!ran && instance?.workload !== undefined && instance.state === "running") names.add(programName(vpc.name, name));
    }
  }
  return names;
}

/** There when the program was ended because its instance was. */
const markOf = (name: string): string => `${workloadFiles(name).directory}/stopped`;

/** Of so many the records are looked for one by one; of more it is quicker to list them all. */
const few = 8;

function deedsIn(world: World, scope: Scope, namespaceOf: (vpc: string, path: string) => string): Deeds {
  const deeds: Deeds = { end: [], forget: [], start: [], asked: new Set(), still: [] };
  // Asked for at most once, and not at all by a command that names a few instances.
  let known: Map<string, string[]> | undefined;
  const recorded = (): Map<string, string[]> => (known ??= recordedPrograms());
  const parts = scope === "all" ? [...new Set([...Object.keys(world.vpcs), ...recorded().keys()])].map((vpc) => ({ vpc })) : scope;
  for (const part of parts) {
    const vpc = findVpc(world, part.vpc);
    const paths = "subnets" in part ? part.subnets : undefined;
    const names = paths === undefined ? allNames(vpc, recorded().get(part.vpc)) : paths.flatMap((path) => path.split("/")[1] ?? []);
    const written = names.length > few ? new Set(recorded().get(part.vpc)) : undefined;
    for (const name of names) {
      const instance = vpc && findInstance(vpc, name);
      const record = written?.has(name) === false ? undefined : readRecord(programName(part.vpc, name));
      const place = instance && { instance, namespace: namespaceOf(part.vpc, `${instance.subnet}/${name}`) };
      decide(deeds, part.vpc, place, record, vpc);
      if (paths !== undefined) deeds.asked.add(programName(part.vpc, name));
      // What runs in a namespace of somebody else's is none of ours.
      if (place?.instance.state === "stopped" && place.instance.attachedTo === undefined && paths !== undefined) deeds.still.push(place.namespace);
    }
  }
  return deeds;
}

/** Of instances that have or had a program. */
function allNames(vpc: Vpc | undefined, recorded: readonly string[] = []): string[] {
  const wanted = (vpc === undefined ? [] : instancesOf(vpc)).filter(({ workload }) => workload !== undefined).map(({ name }) => name);
  return [...new Set([...wanted, ...recorded])];
}

interface Place {
  readonly instance: Instance;
  readonly namespace: string;
}

function decide(deeds: Deeds, vpcName: string, place: Place | undefined, record: WorkloadRecord | undefined, vpc: Vpc | undefined): void {
  const workload = place?.instance.workload;
  if (place === undefined || vpc === undefined || workload === undefined) {
    if (record !== undefined) deeds.forget.push(record);
    if (record !== undefined && isUp(stateOf(record))) deeds.end.push(record);
    return;
  }
  if (place.instance.state === "stopped") {
    if (record !== undefined && !existsSync(markOf(record.name))) deeds.end.push(record);
    return;
  }
  const wanted = programOf(vpcName, place, workload, vpc);
  if (record === undefined) deeds.start.push(wanted);
  else if (!isSame(record, wanted)) {
    deeds.end.push(record);
    deeds.start.push(wanted);
  } else if (shouldStart(stateOf(record), workload.restart, existsSync(markOf(record.name)))) {
    // What it left behind would be in the way.
    deeds.end.push(record);
    deeds.start.push(wanted);
  }
}

function programOf(vpcName: string, { instance, namespace }: Place, { command, restart }: InstanceWorkload, vpc: Vpc): DetachedWorkload {
  const nameSettings = nameSettingsOf(vpc);
  const name = programName(vpcName, instance.name);
  const place = { vpc: vpcName, subnet: instance.subnet, instance: instance.name, namespace };
  return { name, ...place, command: commandOf(command), restart, ...(nameSettings === undefined ? {} : { nameSettings }) };
}

function commandOf(command: InstanceWorkload["command"]): Command {
  if (typeof command === "string") return { shell: command };
  const [program = "", ...words] = command;
  return { argv: [program, ...words] };
}

const isSame = (record: WorkloadRecord, wanted: DetachedWorkload): boolean =>
  record.namespace === wanted.namespace && record.restart === wanted.restart && JSON.stringify(argvOf(record.command)) === JSON.stringify(argvOf(wanted.command));

function shouldStart(state: WorkloadState, policy: RestartPolicy, isMarked: boolean): boolean {
  if (isUp(state)) return false;
  if (isMarked || policy === "always") return true;
  return policy === "on-failure" && !(state.kind === "exited" && state.code === 0);
}
