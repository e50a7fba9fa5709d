// What the kernel must be able to do, each tried for real: a kernel that lists a module may still refuse it, and one that lists none may
// have it built in. The trials run in a namespace of their own, which takes everything with it when it goes. It has no name, so a doctor that is
// killed leaves nothing, and one that runs beside a command, whose lock it does not take, does not touch the directory that names are in.
import { isKernelError, type KernelError } from "../../../kernel/errors.ts";
import { inNewNamespace } from "../../../kernel/in-namespace.ts";
import { nftRun } from "../../../kernel/libnftables.ts";
import { requireRightToName } from "../../../kernel/namespaces.ts";
import { linkIndex } from "../../../kernel/netlink/link-state.ts";
import { newBridge, newIfb, newVeth, setBridgePort, setLink } from "../../../kernel/netlink/link.ts";
import { newRoute } from "../../../kernel/netlink/route.ts";
import { newHtb, newNetem } from "../../../kernel/netlink/qdisc.ts";
import { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import { newRule } from "../../../kernel/netlink/rule.ts";
import type { Finding } from "../../doctor.ts";

interface Trial {
  readonly subject: string;
  readonly why: string;
  /** Module of the kernel that brings it. */
  readonly module: string;
  /** It goes through libnftables; without that it is not tried, and another line says what is missing. */
  readonly library?: true;
  /** What does not work without it, where that is not everything. */
  readonly without?: string;
  attempt(namespace: string, socket: RouteSocket): void;
}

/** In this order: later trials use what earlier ones made. */
const trials: readonly Trial[] = [
  {
    subject: "veth pairs",
    why: "A veth pair is the cable between a subnet and its router.",
    module: "veth",
    attempt: (_, socket) => socket.demand([newVeth({ name: "doctor0", peer: { name: "doctor1" } })]),
  },
  {
    subject: "bridge with isolated ports",
    why: "A VPC's switch is a bridge whose ports only talk to the router, so that every packet passes its rules.",
    module: "bridge",
    attempt: (_, socket) => {
      socket.demand([newBridge({ name: "doctor" })]);
      const bridge = linkIndex(socket, "doctor") ?? 0;
      socket.demand([setLink({ name: "doctor0", master: bridge }), setBridgePort({ name: "doctor0", isolated: true })]);
    },
  },
  {
    subject: "nftables: inet tables with maps",
    why: "The router's rules are sets and maps, so that a packet costs the same with 10 rules and with 10,000.",
    module: "nf_tables",
    library: true,
    attempt: (namespace) =>
      nftRun(
        namespace,
        [
          "add table inet doctor",
          "add map inet doctor zones { type ipv4_addr : verdict; flags interval; }",
          "add chain inet doctor forward { type filter hook forward priority 0; }",
          "add rule inet doctor forward ct state established accept",
          "add rule inet doctor forward ip daddr vmap @zones",
        ].join("\n"),
      ),
  },
  {
    subject: "nftables: address translation",
    why: "Packets to the internet leave with the host's address (masquerade).",
    module: "nft_chain_nat",
    library: true,
    attempt: (namespace) =>
      nftRun(
        namespace,
        "add table ip doctornat\nadd chain ip doctornat out { type nat hook postrouting priority 100; }\nadd rule ip doctornat out masquerade",
      ),
  },
  {
    subject: "nftables: bridge tables",
    why: "Forged sender addresses are dropped on the bridge, before the router sees them.",
    module: "nf_tables_bridge",
    library: true,
    attempt: (namespace) =>
      nftRun(
        namespace,
        [
          "add table bridge doctor",
          "add chain bridge doctor in { type filter hook prerouting priority -300; }",
          "add rule bridge doctor in ether saddr . ip saddr { 02:76:0a:00:00:04 . 10.0.0.4 } accept",
        ].join("\n"),
      ),
  },
  {
    subject: "routing rules by mark",
    why: "A subnet's route table is chosen by a mark on its packets.",
    module: "fib_rules (CONFIG_IP_MULTIPLE_TABLES)",
    attempt: (_, socket) =>
      socket.demand([newRoute({ destination: "0.0.0.0/0", type: "blackhole", table: 1001 }), newRule({ priority: 1001, table: 1001, mark: 1 })]),
  },
  {
    subject: "queues with a rate",
    why: "The bandwidth of shape: packets wait in HTB classes, and those from an instance in a block (ifb) that has such classes.",
    module: "sch_htb, and ifb",
    without: "shape cannot work",
    attempt: (_, socket) => {
      socket.demand([newIfb({ name: "doctor2" })]);
      socket.demand([newHtb(linkIndex(socket, "doctor2") ?? 0)]);
    },
  },
  {
    subject: "netem queues",
    why: "The delay, jitter and loss of shape need them; its bandwidth does not.",
    module: "sch_netem",
    without: "shape can do bandwidth only",
    attempt: (_, socket) => socket.demand([newNetem(linkIndex(socket, "doctor1") ?? 0)]),
  },
];

/** Tries every feature. Needs the rights to make a namespace. */
export function tryKernel(hasLibrary: boolean): Finding[] {
  // For the words of errors only.
  const namespace = "vpcctl-doctor";
  const subject = "kernel: network namespaces";
  const why = "Every router and every subnet is a network namespace.";
  try {
    requireRightToName();
    return inNewNamespace(namespace, () => {
      using socket = RouteSocket.open(namespace);
      const possible = trials.filter((trial) => hasLibrary || !trial.library);
      return [{ subject, status: "ok", found: "works", why }, ...possible.map((trial) => attempt(trial, namespace, socket))];
    });
  } catch (error) {
    if (!isKernelError(error)) throw error;
    const fix = "Use a kernel with CONFIG_NET_NS, and a container that is allowed to make namespaces (--privileged).";
    return [{ subject, status: "fail", found: words(error), why, fix }];
  }
}

function attempt(trial: Trial, namespace: string, socket: RouteSocket): Finding {
  const finding = { subject: `kernel: ${trial.subject}`, why: trial.why };
  try {
    trial.attempt(namespace, socket);
    return { ...finding, status: "ok", found: "works" };
  } catch (error) {
    if (!isKernelError(error)) throw error;
    const fix = `Load the kernel module: modprobe ${trial.module}`;
    if (trial.without !== undefined) return { ...finding, status: "warn", found: `absent: ${trial.without}`, fix };
    return { ...finding, status: "fail", found: words(error), fix };
  }
}

/** The kernel's own words where it has any. */
function words({ extack, code }: KernelError): string {
  return `refused: ${extack ?? code}`;
}
