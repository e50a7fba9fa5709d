import { programs } from "./programs.ts";
import { addSubnetWords } from "./vpc.ts";

/** Where the sandbox holds the batch file. */
export const batchPath = "/run/bench-batch";

export type CommandLine = readonly string[];

/** One more subnet is a matter of milliseconds: several are added one after the other, and their median is the sample. */
export const oneMore = (size: number): number[] => Array.from({ length: 7 }, (_, i) => size + i);

export interface Contender {
  readonly name: string;
  readonly label: string;
  /** What is run for each action, in this order. Absent: done inside the process by engine-alone.ts. */
  readonly commands?: (size: number) => Readonly<Record<string, readonly CommandLine[]>>;
  /** Above this size it runs in the first round only. */
  readonly onceAbove?: number;
}

const tool = (...words: readonly string[]): CommandLine => [programs.tool, ...words];

/** In the order of every round. */
export const contenders: readonly Contender[] = [
  {
    name: "c",
    label: "C, raw netlink",
    commands: (size) => ({
      create: [[programs.limit, "build", String(size)]],
      "add-one": oneMore(size).map((subnet) => [programs.limit, "add-one", String(subnet)]),
      cleanup: [[programs.limit, "delete"]],
    }),
  },
  {
    name: "shell",
    label: "shell, one command per step",
    // About 60 ms a subnet: a thousand take over a minute each time.
    onceAbove: 100,
    commands: (size) => ({
      create: [[programs.shell, "build", String(size)]],
      "add-one": oneMore(size).map((subnet) => [programs.shell, "add-one", String(subnet)]),
      cleanup: [[programs.shell, "delete"]],
    }),
  },
  {
    name: "tool",
    label: "vpcctl, whole process",
    commands: (size) => ({
      create: [tool("batch", batchPath)],
      "no-op": [tool("batch", batchPath)],
      "add-one": oneMore(size).map((subnet) => tool(...addSubnetWords(subnet))),
      describe: [tool("describe", "bench")],
      cleanup: [tool("cleanup")],
    }),
  },
  { name: "engine", label: "vpcctl, engine alone" },
];
