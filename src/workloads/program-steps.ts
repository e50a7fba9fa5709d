// The programs of instances as steps: for a report, and as the lines of a script that does the same but for the supervisor.
import type { DetachedWorkload } from "./start-workload.ts";
import { argvOf, type WorkloadRecord } from "./workload.ts";

/** As a driver's. */
export interface ProgramStep {
  readonly action: "add" | "delete";
  readonly subject: string;
  readonly why: string;
  readonly script: readonly string[];
}

export interface ProgramDeeds {
  readonly end: readonly WorkloadRecord[];
  readonly forget: readonly WorkloadRecord[];
  readonly start: readonly DetachedWorkload[];
}

const why = {
  start: "The instance's program, in its namespace. Under vpcctl a supervisor starts it again as its restart policy says, and keeps its log.",
  end: "Programs of instances that run no more are asked to end, and ended if they do not.",
};

/** What has been done, or is to be done, as steps beside those of a driver. */
export function stepsOf({ end, forget, start }: ProgramDeeds): ProgramStep[] {
  const starts = new Set(start.map(({ name }) => name));
  const ending = [...new Set([...end, ...forget])].filter((record) => !starts.has(record.name));
  return [
    ...ending.map(({ name, pid }): ProgramStep => ({ action: "delete", subject: `program ${name}`, why: why.end, script: [`kill -TERM -${pid} || true`] })),
    ...start.map((program): ProgramStep => {
      const words = argvOf(program.command).map(quoted).join(" ");
      const line = `ip netns exec ${program.namespace} setsid --fork ${words} </dev/null >/dev/null 2>&1`;
      return { action: "add", subject: `program ${program.name}`, why: why.start, script: [line] };
    }),
  ];
}

/** As bash has to see it. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
