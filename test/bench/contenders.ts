import { programs } from "./programs.ts";
import { plans, type PlanName } from "./plans.ts";

/** Where the sandbox holds the batch file. */
export const batchPath = "/run/bench-batch";
/** And the nftables text of the others. */
export const nftPath = "/run/bench-nft";

export type CommandLine = readonly string[];

/** One more subnet is a matter of milliseconds: several are added one after the other, and their median is the sample. */
export const oneMore = (size: number): number[] => Array.from({ length: 7 }, (_, i) => size + i);

export interface Contender {
  readonly name: string;
  readonly label: string;
  /** What is run for each action of a plan, in this order; absent where it does not take part. */
  readonly commands?: (plan: PlanName, size: number) => Readonly<Record<string, readonly CommandLine[]>> | undefined;
  /** Done inside the process by engine-alone.ts. */
  readonly inside?: true;
  /** Above this size it runs in the first round only. */
  readonly onceAbove?: number;
}

const tool = (...words: readonly string[]): CommandLine => [programs.tool, ...words];

/** In the order of the tables. */
export const contenders: readonly Contender[] = [
  {
    name: "c",
    label: "C, raw netlink",
    commands: (plan, size) => ({
      create: [[programs.limit, "build", plan, String(size)]],
      ...(plan === "vpcs" ? {} : { "add-one": oneMore(size).map((n) => [programs.limit, "add-one", plan, String(n)]) }),
      cleanup: [[programs.limit, "delete"]],
    }),
  },
  {
    name: "shell",
    label: "shell, one command per step",
    // About 60 ms a subnet: a thousand take over a minute each time.
    onceAbove: 100,
    commands: (plan, size) =>
      plan === "subnets"
        ? {
            create: [[programs.shell, "build", String(size)]],
            "add-one": oneMore(size).map((n) => [programs.shell, "add-one", String(n)]),
            cleanup: [[programs.shell, "delete"]],
          }
        : undefined,
  },
  {
    name: "tool",
    label: "vpcctl, whole process",
    commands: (plan, size) => ({
      create: [tool("batch", batchPath)],
      "no-op": [tool("batch", batchPath)],
      ...(plan === "vpcs" ? {} : { "add-one": oneMore(size).map((n) => tool(...plans[plan].oneMore(n).split(" "))) }),
      describe: [tool("describe", plan === "vpcs" ? "v0" : "bench")],
      ...(plan === "instances" ? ruleCommands(size) : {}),
      cleanup: [tool("cleanup")],
    }),
  },
  {
    name: "standby",
    label: "vpcctl, with a standby process",
    // What a single change takes. The rest has nothing to do with it.
    commands: (plan, size) =>
      plan === "instances"
        ? { create: [tool("batch", batchPath)], "start-standby": [tool("start-standby")], ...ruleCommands(size), cleanup: [tool("cleanup")] }
        : undefined,
  },
  { name: "engine", label: "vpcctl, engine alone", inside: true },
];

/**
 * In the order of every round. C stands before and after the tool, and counts with the mean of the two: a machine that grows slower or
 * faster meanwhile, as they do, is no merit and no fault of what runs in between. The shell, which takes a minute, does not come between.
 */
export const turns: readonly Contender[] = ["shell", "c", "tool", "c", "standby", "engine"].map(contenderOf);

/** Throws when there is none. */
export function contenderOf(name: string): Contender {
  const contender = contenders.find((known) => known.name === name);
  if (contender === undefined) throw new Error(`no contender is called ${name}`);
  return contender;
}

/** So short that more of them are needed for a median that stays. */
const changes = Array.from({ length: 21 }, (_, n) => n);

/** A rule more in the group that all instances are in, and a member more of another, in a VPC with many instances. */
export function ruleLines(size: number) {
  const members = changes.filter((n) => n < size);
  return {
    group: "create-security-group bench web",
    rules: changes.map((n) => `authorize-ingress bench default --protocol tcp --port ${8000 + n} --cidr 10.0.0.0/16`),
    members: members.map((n) => `set-security-groups bench s0/i${n} --security-group default --security-group web`),
  };
}

function ruleCommands(size: number): Readonly<Record<string, readonly CommandLine[]>> {
  const { group, rules, members } = ruleLines(size);
  const commands = (lines: readonly string[]): readonly CommandLine[] => lines.map((line) => tool(...line.split(" ")));
  return { "new-group": commands([group]), "add-rule": commands(rules), "add-member": commands(members) };
}
