// Commands about the process that carries out the changes of others.
import type { Command } from "./command.ts";

export const standbyCommands: readonly Command[] = [
  {
    name: "start-standby",
    group: "help",
    summary: "Keep a process ready that carries out changes faster",
    about:
      "Most of the time of a small change goes into starting the program's code. A standby process has done that already: from then on vpcctl hands it what " +
      "changes a network, one command after the other, with your streams, directory and environment, and only shows the answer. It remembers nothing between " +
      "two commands; without it, or while it is at work, everything works as ever. What starts or ends a program is not left to it. It ends by itself when it has " +
      "had nothing to do for a while, with `vpcctl stop-standby`, and with cleanup.",
    arguments: [],
    options: [{ name: "idle", value: "SECONDS", fallback: "600", meaning: "How long it stays without a command to carry out." }],
    examples: [
      { line: "vpcctl start-standby", effect: "Makes the changes that follow faster, until ten minutes have passed without one." },
      { line: "vpcctl start-standby --idle 60", effect: "The same for a script whose commands follow each other closely." },
    ],
    privileged: true,
    load: () => import("./commands/start-standby.ts"),
  },
  {
    name: "stop-standby",
    group: "help",
    summary: "End the standby process",
    about: "Ends it after the command that it is at. Commands then run in processes of their own again.",
    arguments: [],
    options: [],
    examples: [{ line: "vpcctl stop-standby", effect: "Ends the standby process." }],
    privileged: true,
    load: () => import("./commands/stop-standby.ts"),
  },
];
