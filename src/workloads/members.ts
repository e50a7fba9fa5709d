// Which processes belong to which detached workload: those with its id in their environment, those in its supervisor's session, and
// whatever descends from either. While the supervisor lives it adopts orphans, so that also a daemon with a bare environment is found.
// The supervisor itself and the keeper of the log do not count.
import { allProcesses, readVariable, type Process } from "./processes.ts";
import type { WorkloadRecord } from "./workload.ts";

/** In the environment of every process of a detached workload; its value is the record's id. */
export const ID_VARIABLE = "VPCCTL_WORKLOAD_ID";

/** The processes of one workload. */
export function membersOf(record: WorkloadRecord, processes?: readonly Process[]): Process[] {
  return membersOfAll([record], processes).get(record.id) ?? [];
}

/** The processes of many workloads by record id, in one look at each process. */
export function membersOfAll(records: readonly WorkloadRecord[], processes: readonly Process[] = allProcesses()): Map<string, Process[]> {
  const byId = new Map(records.map((record) => [record.id, record]));
  const isThere = new Map(processes.map(({ pid, started }) => [pid, started]));
  const led = new Map(records.filter(({ pid, started }) => isThere.get(pid) === started).map((record) => [record.pid, record.id]));
  const keepers = new Set(records.map(({ keeper }) => `${keeper.pid} ${keeper.started}`));
  const children = new Map<number, Process[]>();
  for (const process of processes) {
    const siblings = children.get(process.parent);
    if (siblings === undefined) children.set(process.parent, [process]);
    else siblings.push(process);
  }
  const owners = new Map<number, string>();
  const claim = (process: Process, id: string): void => {
    if (owners.has(process.pid) || keepers.has(`${process.pid} ${process.started}`)) return;
    owners.set(process.pid, id);
    for (const child of children.get(process.pid) ?? []) claim(child, id);
  };
  for (const process of processes) {
    const id = led.get(process.pid) ?? led.get(process.session) ?? readVariable(process.pid, ID_VARIABLE);
    if (id !== undefined && byId.has(id)) claim(process, id);
  }
  const members = new Map<string, Process[]>(records.map(({ id }) => [id, []]));
  for (const process of processes) {
    const id = owners.get(process.pid);
    if (id !== undefined && byId.get(id)?.pid !== process.pid) members.get(id)?.push(process);
  }
  return members;
}
