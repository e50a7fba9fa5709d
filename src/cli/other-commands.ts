// Every command that is no verb on the World, in one table. What a command does is loaded from commands/ when it runs.
import type { Argument, Command } from "./command.ts";
import { instanceCommands } from "./instance-commands.ts";
import { standbyCommands } from "./standby-commands.ts";

const vpc: Argument = { name: "vpc", meaning: "Name of the VPC.", complete: "vpc" };
const subnet: Argument = { name: "subnet", meaning: "Name of the subnet.", complete: "subnet" };
const workload: Argument = { name: "name", meaning: "Name of the workload, as `vpcctl workloads` shows it.", complete: "workload" };

export const otherCommands: readonly Command[] = [
  ...instanceCommands,
  {
    name: "batch",
    group: "build",
    summary: "Do many changes at once, all or nothing",
    about:
      "Reads one change per line (`add-subnet company-a web 10.0.1.0/24`), from a file or, with `-`, from standard input. Empty lines and lines that start " +
      "with # are skipped, words may be quoted. All lines are checked first and every mistake is reported with its line; only when all fit is the " +
      "machine touched, once, which is far faster than a command per line.",
    arguments: [{ name: "file", meaning: "File with one change per line; `-` for standard input.", complete: "file" }],
    options: [],
    examples: [
      { line: "vpcctl batch network.txt", effect: "Builds everything the file names, or, if a line does not fit, nothing." },
      { line: "vpcctl batch - <<< 'create-vpc company-a 10.0.0.0/16'", effect: "The same from standard input." },
    ],
    changes: true,
    privileged: true,
    load: () => import("./commands/batch.ts"),
  },
  {
    name: "list",
    group: "look",
    summary: "Show all VPCs",
    about: "One line per VPC: its CIDR, how many subnets it has, and whether it has a way to the internet.",
    arguments: [],
    options: [],
    examples: [{ line: "vpcctl list", effect: "Shows a table of all VPCs." }],
    load: () => import("./commands/list.ts"),
  },
  {
    name: "describe",
    group: "look",
    summary: "Show one VPC with all that belongs to it",
    about:
      "A tree of the VPC: route tables and routes, subnets with their addresses, and the kernel objects they are made of, with commands to look at these " +
      "with ordinary Linux tools.",
    arguments: [vpc],
    options: [],
    examples: [
      { line: "vpcctl describe company-a", effect: "Shows the tree." },
      { line: "vpcctl describe company-a --json", effect: "The same for a program." },
    ],
    load: () => import("./commands/describe.ts"),
  },
  {
    name: "analyze",
    group: "look",
    summary: "Say whether one place reaches another, and why",
    about:
      "Follows a packet and its answer through the model: security groups, route tables, network ACLs, gateways, peerings. Prints the way hop by hop, and when " +
      "it is blocked, every setting that would have to change, not only the first. A place is VPC/SUBNET, VPC/INSTANCE, VPC/SUBNET/INSTANCE, `internet`, or `host`, " +
      "this machine as VPCs see it from their public side; TO may be an IP address as well. No packet is sent: test-connectivity does that. Exits 0 when it is " +
      "reachable, 1 when it is not.",
    arguments: [
      { name: "from", meaning: "Where the packet comes from.", complete: "end-of-a-way" },
      { name: "to", meaning: "Where it is to go.", complete: "end-of-a-way" },
    ],
    options: [
      { name: "protocol", value: "PROTOCOL", choices: ["tcp", "udp", "icmp", "icmpv6"], fallback: "icmp, or tcp with --port", meaning: "What is sent." },
      { name: "port", value: "PORT", meaning: "Destination port, for tcp and udp." },
      { name: "source-port", value: "PORT", fallback: "all that Linux gives to clients", meaning: "Port that the answer goes to, for tcp and udp." },
      { name: "icmp-type", value: "TYPE", fallback: "echo", meaning: "ICMP type, for icmp and icmpv6." },
      { name: "ipv6", meaning: "By the IPv6 addresses of the two." },
    ],
    examples: [
      { line: "vpcctl analyze company-a/public-web company-a/private-db", effect: "Shows how an echo gets from one subnet to the other." },
      { line: "vpcctl analyze host company-a/web1 --port 443", effect: "Shows whether an instance can be reached at its public address, and if not, all that is in the way." },
    ],
    load: () => import("./commands/analyze.ts"),
  },
  {
    name: "addresses",
    group: "route",
    summary: "Show all public addresses",
    about: "One line per address: its Elastic IP, if it is one, and who has it. Below them the pool that they come from.",
    arguments: [],
    options: [],
    examples: [{ line: "vpcctl addresses", effect: "Shows a table of all public addresses." }],
    load: () => import("./commands/addresses.ts"),
  },
  {
    name: "prefix-lists",
    group: "secure",
    summary: "Show all prefix lists",
    about: "One line per prefix list: its CIDRs, and the VPCs with a security group that names it.",
    arguments: [],
    options: [],
    examples: [{ line: "vpcctl prefix-lists", effect: "Shows a table of all prefix lists." }],
    load: () => import("./commands/prefix-lists.ts"),
  },
  {
    name: "test-connectivity",
    group: "look",
    summary: "Send real packets and compare with what should happen",
    about:
      "Sends an ICMP echo from every subnet and instance of the VPC to every other, both ways, and from each to an address on the internet; all at the same " +
      "time. With --port, the first packet of a TCP or UDP flow instead; that nobody listens there is an answer too. Every result is compared with what " +
      "`analyze` says must happen. Of a VPC with more than 10,000 pairs a sample is sent, in which everybody sends and is sent to. Exits 0 when all is as it " +
      "should be, 1 otherwise.",
    arguments: [vpc],
    options: [
      { name: "protocol", value: "PROTOCOL", choices: ["tcp", "udp"], fallback: "tcp", meaning: "With --port: what is sent." },
      { name: "port", value: "PORT", meaning: "Destination port; ICMP echoes are sent without." },
      { name: "internet-target", value: "ADDRESS", fallback: "8.8.8.8", meaning: "Address that stands for the internet. With one of IPv6, all goes by IPv6." },
      { name: "timeout", value: "SECONDS", fallback: "1", meaning: "How long to wait for the last answer." },
    ],
    examples: [
      { line: "vpcctl test-connectivity company-a", effect: "Tests every pair of subnets and instances, and each one's way to the internet." },
      { line: "vpcctl test-connectivity company-a --port 443", effect: "Tests whether TCP connections to port 443 get through, open or not." },
      { line: "vpcctl test-connectivity company-a --internet-target 1.1.1.1 --timeout 3", effect: "Tries another address and is more patient." },
      { line: "vpcctl test-connectivity company-a --internet-target 2001:4860:4860::8888", effect: "Tests the same by IPv6, between those who have it." },
    ],
    privileged: true,
    load: () => import("./commands/test-connectivity.ts"),
  },
  {
    name: "log",
    group: "look",
    summary: "Show what was done, when, and how it went",
    about: "Every command that did something is recorded with its time, its result and how many steps it took on the machine. The newest is last.",
    arguments: [],
    options: [{ name: "limit", short: "l", value: "NUMBER", fallback: "20", meaning: "Show so many entries; 0 for all." }],
    examples: [{ line: "vpcctl log --limit 5", effect: "Shows the last five commands." }],
    load: () => import("./commands/log.ts"),
  },
  {
    name: "run-workload",
    group: "run",
    summary: "Run a program inside a subnet",
    about:
      "The program sees the subnet's network and nothing else of the host's network. It keeps your terminal, its input and output, signals and exit status. " +
      "Given as one string, the command is run by a shell; after -- it is run as it is. With --detach it runs on in the background until it ends, " +
      "`vpcctl stop` or cleanup.",
    arguments: [vpc, subnet, { name: "command", meaning: "Shell command, as one word in quotes.", complete: "nothing", optional: true }],
    trailing: "CMD ARG...",
    options: [
      { name: "detach", short: "d", meaning: "Run in the background; needs --name." },
      { name: "name", value: "NAME", complete: "nothing", meaning: "Name to find a background workload by." },
    ],
    examples: [
      { line: `vpcctl run-workload company-a public-web "curl -s --head http://www.google.com"`, effect: "Asks a web server on the internet for its headers." },
      { line: "vpcctl run-workload company-a private-db -- ip address show", effect: "Shows what the subnet's network looks like from inside." },
      {
        line: `vpcctl run-workload company-a public-web "python3 -m http.server 80" --detach --name web`,
        effect: "Starts a web server in the background.",
      },
    ],
    privileged: true,
    load: () => import("./commands/run-workload.ts"),
  },
  {
    name: "workloads",
    group: "run",
    summary: "Show the workloads that run in the background",
    about: "One line per workload that was started with --detach: where it runs, since when, and how it ended if it has.",
    arguments: [],
    options: [],
    examples: [{ line: "vpcctl workloads", effect: "Shows a table of background workloads." }],
    load: () => import("./commands/workloads.ts"),
  },
  {
    name: "logs",
    group: "run",
    summary: "Show what a background workload has printed",
    about: "Prints the output of a workload that was started with --detach, both standard output and standard error.",
    arguments: [workload],
    options: [{ name: "follow", short: "f", meaning: "Go on printing until the workload ends or you press Ctrl-C." }],
    examples: [{ line: "vpcctl logs web -f", effect: "Shows the web server's output as it comes." }],
    load: () => import("./commands/logs.ts"),
  },
  {
    name: "stop",
    group: "run",
    summary: "End a background workload",
    about: "Asks the workload to end (SIGTERM) and, if it does not, ends it (SIGKILL).",
    arguments: [workload],
    options: [],
    examples: [{ line: "vpcctl stop web", effect: "Ends the web server." }],
    privileged: true,
    load: () => import("./commands/stop.ts"),
  },
  {
    name: "cleanup",
    group: "undo",
    summary: "Take away everything, or one VPC, whatever its state",
    about:
      "Ends the workloads and removes every namespace, link, rule and table of ours: what carries our mark in the kernel, even when the saved state is lost or " +
      "a command was killed half-way. The host is left as it was before. Nothing that is not ours is touched.",
    arguments: [{ ...vpc, optional: true, meaning: "Only this VPC; without it, everything." }],
    options: [],
    examples: [
      { line: "vpcctl cleanup", effect: "Takes everything away." },
      { line: "vpcctl cleanup company-a", effect: "Takes one VPC away with all it holds." },
      { line: "vpcctl cleanup --dry-run", effect: "Shows what would be taken away." },
    ],
    changes: true,
    privileged: true,
    load: () => import("./commands/cleanup.ts"),
  },
  ...standbyCommands,
  {
    name: "doctor",
    group: "help",
    summary: "Check whether this machine can do it all, and what is in the way",
    about:
      "Looks at rights, kernel features, libraries, and other programs that have a say in the network (Docker, firewalld, ufw). Every finding says why it matters " +
      "and how to mend it. Changes nothing; what must be tried is tried in a throw-away namespace.",
    arguments: [],
    options: [],
    examples: [{ line: "vpcctl doctor", effect: "Shows all findings; exits 5 if something is missing." }],
    load: () => import("./commands/doctor.ts"),
  },
  {
    name: "demo",
    group: "help",
    summary: "A short tour with real packets, on a make-believe host",
    about: "Builds the tutorial's VPC in a sandbox, explains each step, shows its real output, and takes everything away. Needs no root and leaves no trace.",
    arguments: [],
    options: [{ name: "fast", meaning: "Without pauses, as when the output is no terminal." }],
    examples: [{ line: "vpcctl demo", effect: "Takes the tour." }],
    load: () => import("./commands/demo.ts"),
  },
  {
    name: "sandbox",
    group: "help",
    summary: "A make-believe host to try everything on, without root",
    about:
      "Starts a shell, or the program after --, on a host of its own: own network, own state, and a small internet with a name server, a web server and 8.8.8.8. " +
      "All is gone when it ends; nothing outside is touched.",
    arguments: [],
    trailing: "CMD ARG...",
    options: [],
    examples: [
      { line: "vpcctl sandbox", effect: "A shell on the make-believe host; type exit to leave." },
      { line: "vpcctl sandbox -- vpcctl create-vpc company-a 10.0.0.0/16", effect: "One command there." },
    ],
    load: () => import("./commands/sandbox.ts"),
  },
  {
    name: "completion",
    group: "help",
    summary: "Make your shell complete commands and names",
    about: "Prints a script for the shell. The names of VPCs, subnets and workloads are completed as well.",
    arguments: [{ name: "shell", meaning: "One of bash, zsh, fish.", complete: "nothing", choices: ["bash", "zsh", "fish"] }],
    options: [],
    examples: [
      { line: 'eval "$(vpcctl completion bash)"', effect: "For this shell; put the line into ~/.bashrc to keep it." },
      { line: "vpcctl completion fish > ~/.config/fish/completions/vpcctl.fish", effect: "For fish, for good." },
    ],
    load: () => import("./commands/completion.ts"),
  },
  {
    name: "__complete",
    group: "help",
    summary: "What could come next",
    about: "Asked by the completion scripts: prints the candidates for the last of the words after --, one per line.",
    arguments: [],
    trailing: "WORD...",
    options: [],
    examples: [{ line: "vpcctl __complete -- describe comp", effect: "Prints the VPCs whose names start with comp." }],
    hidden: true,
    load: () => import("./commands/complete.ts"),
  },
];
