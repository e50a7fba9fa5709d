// Commands that look at instances and run programs in them. What changes an instance is a verb.
import type { Argument, Command } from "./command.ts";

const vpc: Argument = { name: "vpc", meaning: "Name of the VPC.", complete: "vpc" };
const instance: Argument = { name: "instance", meaning: "Name of the instance.", complete: "instance" };

export const instanceCommands: readonly Command[] = [
  {
    name: "instances",
    group: "look",
    summary: "Show the instances, with their addresses and programs",
    about: "One line per instance: its subnet, addresses and security groups, whether it runs, and how its program is.",
    arguments: [{ ...vpc, optional: true, meaning: "Only this VPC; without it, all." }],
    options: [],
    examples: [{ line: "vpcctl instances company-a", effect: "Shows a table of the VPC's instances." }],
    load: () => import("./commands/instances.ts"),
  },
  {
    name: "exec",
    group: "run",
    summary: "Run a program inside an instance",
    about:
      "The program sees the instance's network and nothing else of the host's network. It keeps your terminal, its input and output, signals and exit status. " +
      "Given as one string, the command is run by a shell; after -- it is run as it is.",
    arguments: [vpc, instance, { name: "command", meaning: "Shell command, as one word in quotes.", complete: "nothing", optional: true }],
    trailing: "CMD ARG...",
    options: [],
    examples: [
      { line: "vpcctl exec company-a web1 -- ip address show", effect: "Shows what the instance's network looks like from inside." },
      { line: `vpcctl exec company-a web1 "curl -s http://10.0.1.6 | head -1"`, effect: "Asks another instance for its web page." },
    ],
    privileged: true,
    load: () => import("./commands/exec.ts"),
  },
  {
    name: "shell",
    group: "run",
    summary: "A shell inside an instance",
    about: "Starts your shell (the environment variable SHELL, or /bin/sh) in the instance, on your terminal. Everything else is the host's: files, users, processes.",
    arguments: [vpc, instance],
    options: [],
    examples: [{ line: "vpcctl shell company-a web1", effect: "A shell in the instance; type exit to leave." }],
    privileged: true,
    load: () => import("./commands/shell.ts"),
  },
];
