import { programs } from "./programs.ts";
import { addSubnetWords } from "./vpc.ts";

/** Where the sandbox holds the batch file. */
export const batchPath = "/run/bench-batch";

export interface Contender {
  readonly name: string;
  readonly label: string;
  /** Action -> command line, in the order in which they are run. Absent: done inside the process by engine-alone.ts. */
  readonly commands?: (size: number) => Readonly<Record<string, readonly string[]>>;
  /** Above this size it runs in the first round only. */
  readonly onceAbove?: number;
}

const tool = (...words: readonly string[]): readonly string[] => [programs.tool, ...words];

/** In the order of every round. */
export const contenders: readonly Contender[] = [
  {
    name: "c",
    label: "C, raw netlink",
    commands: (size) => ({
      create: [programs.limit, "build", String(size)],
      "add-one": [programs.limit, "add-one", String(size)],
      cleanup: [programs.limit, "delete"],
    }),
  },
  {
    name: "shell",
    label: "shell, one command per step",
    // About 60 ms a subnet: a thousand take over a minute each time.
    onceAbove: 100,
    commands: (size) => ({
      create: [programs.shell, "build", String(size)],
      "add-one": [programs.shell, "add-one", String(size)],
      cleanup: [programs.shell, "delete"],
    }),
  },
  {
    name: "tool",
    label: "vpcctl, whole process",
    commands: (size) => ({
      create: tool("batch", batchPath),
      "no-op": tool("batch", batchPath),
      "add-one": tool(...addSubnetWords(size)),
      describe: tool("describe", "bench"),
      cleanup: tool("cleanup"),
    }),
  },
  { name: "engine", label: "vpcctl, engine alone" },
];
