// Commands that look at instances and run programs in them. What changes an instance is a verb.
import type { Argument, Command } from "./command.ts";

const vpc: Argument = { name: "vpc", meaning: "Name of the VPC.", complete: "vpc" };
const instance: Argument = { name: "instance", meaning: "Name of the instance.", complete: "instance" };

export const instanceCommands: readonly Command[] = [
  {
    name: "attach",
    group: "instances",
    summary: "Put an interface of a subnet into a network namespace that exists",
    about:
      "Makes an instance out of a program that runs already in a network namespace of its own, a container started with no network for example: an interface " +
      "`eth0` with an address of the subnet appears there. Other interfaces in it are left alone. terminate-instance takes ours away again; the program itself " +
      "goes on.",
    arguments: [vpc, { name: "subnet", meaning: "Name of the subnet.", complete: "subnet" }],
    options: [
      { name: "name", value: "NAME", complete: "nothing", meaning: "Name of the instance, unique in the VPC. Must be given." },
      { name: "pid", value: "PID", complete: "nothing", meaning: "A process in the namespace." },
      { name: "container", value: "NAME", complete: "nothing", meaning: "A running container of docker or podman, instead of --pid." },
      { name: "ip", value: "ADDRESS", complete: "nothing", fallback: "the lowest free one", meaning: "Its address, one of the subnet's." },
      { name: "security-group", value: "GROUP", complete: "security-group", many: true, fallback: "default", meaning: "A security group it is in; may be repeated." },
      { name: "public", meaning: "Give it a public address, also where the subnet does not." },
    ],
    examples: [
      {
        line: "vpcctl attach company-a private-db --name db1 --container postgres",
        effect: "Makes an instance of a container that was started with `docker run --network none`.",
      },
      { line: "vpcctl attach company-a private-db --name db2 --pid 4711", effect: "The same for a process." },
    ],
    changes: true,
    privileged: true,
    load: () => import("./commands/attach.ts"),
  },
  {
    name: "instances",
    group: "instances",
    summary: "Show the instances, with their addresses and programs",
    about: "One line per instance: its subnet, addresses and security groups, whether it runs, and how its program is. Of what was attached: whether it is lost.",
    arguments: [{ ...vpc, optional: true, meaning: "Only this VPC; without it, all." }],
    options: [],
    examples: [{ line: "vpcctl instances company-a", effect: "Shows a table of the VPC's instances." }],
    load: () => import("./commands/instances.ts"),
  },
  {
    name: "exec",
    group: "instances",
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
    group: "instances",
    summary: "A shell inside an instance",
    about:
      "Starts your shell (the environment variable SHELL, or /bin/sh) in the instance, on your terminal. Everything else is the host's: files, users, processes.",
    arguments: [vpc, instance],
    options: [],
    examples: [{ line: "vpcctl shell company-a web1", effect: "A shell in the instance; type exit to leave." }],
    privileged: true,
    load: () => import("./commands/shell.ts"),
  },
];
