// What a command costs, counted: a clock would tell how busy the machine is.
import type { FakeHost } from "../../support/fake-host.ts";

/** Steps that the command would take on the machine. */
export async function stepsOf(host: FakeHost, line: string): Promise<number> {
  const { steps } = JSON.parse(await host.sh(`vpcctl ${line} --dry-run --json`)) as { readonly steps: readonly unknown[] };
  return steps.length;
}

/** Calls to the kernel by all its threads while the command is carried out, without those by which threads wait for each other. */
export async function callsOf(host: FakeHost, line: string): Promise<number> {
  const waiting = "futex,madvise,sched_yield,epoll_wait,epoll_pwait2,munmap,mprotect";
  const summary = await host.sh(`strace -f -qq -c -e trace='!${waiting}' -o /run/calls vpcctl ${line} >/dev/null && cat /run/calls && rm /run/calls`);
  const total = /^ *100\.00 +\S+ +\S* +(\d+)/m.exec(summary)?.[1];
  if (total === undefined) throw new Error(`strace said: ${summary}`);
  return Number(total);
}
