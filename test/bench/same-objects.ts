// Ratios mean something only between things that make the same. So before any time is taken, every contender builds a small VPC, and all
// that the ordinary tools show of it is compared: links, addresses, routes, rules, neighbours, forwarding entries, settings, nftables.
import { writeFileSync } from "node:fs";
import { batchPath, contenders, nftPath } from "./contenders.ts";
import { type PlanName, plans, writeNftables } from "./plans.ts";
import { inSandbox } from "./sandbox.ts";
import { timeProgram } from "./stopwatch.ts";

const size = 3;

/** A line of a dump and where it comes from. */
export type Dump = readonly string[];

/** Throws with the differences when any contender does not make what the C program makes, in any plan. */
export function requireSameObjects(): void {
  for (const plan of Object.keys(plans) as PlanName[]) requireSameIn(plan);
}

function requireSameIn(plan: PlanName): void {
  const builders = contenders.filter(({ commands }) => commands?.(plan, size) !== undefined);
  const dumps = builders.map(({ name, label }) => ({ label, dump: inSandbox("__dump", name, plan) as Dump }));
  const [limit, ...others] = dumps;
  if (limit === undefined || limit.dump.length < 100) throw new Error("the dump of the C program's VPC is empty");
  const problems = others.flatMap(({ label, dump }) => differences(limit.dump, dump).map((line) => `${label}, ${plan}: ${line}`));
  if (problems.length > 0) throw new Error(`Not everybody builds the same, so there is nothing to compare:\n${problems.join("\n")}`);
}

/** `-` is what only the first has, `+` what only the second has. */
export function differences(first: Dump, second: Dump): string[] {
  const [one, two] = [new Set(first), new Set(second)];
  return [...first.filter((line) => !two.has(line)).map((line) => `- ${line}`), ...second.filter((line) => !one.has(line)).map((line) => `+ ${line}`)];
}

/** Inside a sandbox: builds with one contender and prints what is there. */
export function dumpAfter(name: string, plan: PlanName): Dump {
  writeFileSync(batchPath, `${plans[plan].lines(size).join("\n")}\n`);
  writeNftables(nftPath, plan, size, []);
  const commands = contenders.find((contender) => contender.name === name)?.commands?.(plan, size)?.["create"];
  if (commands === undefined) throw new Error(`no contender ${name}`);
  commands.forEach(timeProgram);
  const namespaces = output("ls", "/run/netns").trim().split("\n");
  return [`namespaces ${namespaces.join(" ")}`, ...namespaces.flatMap((namespace) => dumpOf(namespace))];
}

const views: readonly (readonly string[])[] = [
  ["ip", "-d", "-j", "link", "show"],
  ["ip", "-j", "address", "show"],
  ["ip", "-j", "route", "show", "table", "all"],
  ["ip", "-j", "rule", "show"],
  ["ip", "-j", "neighbour", "show", "nud", "permanent"],
  ["bridge", "-j", "fdb", "show"],
];

function dumpOf(namespace: string): string[] {
  const lines = views.flatMap(([program = "", ...words]) => {
    const text = output(program, "-n", namespace, ...words);
    return (JSON.parse(text || "[]") as unknown[]).map((object) => `${namespace} ${program} ${words.slice(1).join(" ")}: ${JSON.stringify(comparable(object))}`);
  });
  const { nftables } = JSON.parse(output("ip", "netns", "exec", namespace, "nft", "-j", "list", "ruleset")) as { nftables: unknown[] };
  const rules = nftables.map((object) => `${namespace} nft: ${JSON.stringify(comparable(object))}`);
  const settings = output("ip", "netns", "exec", namespace, "sysctl", "-ae", "--pattern", "^net\\.(ipv4|ipv6|bridge)\\.").trim().split("\n");
  return [...lines, ...rules, ...settings.filter((line) => !line.includes("stable_secret")).map((line) => `${namespace} ${line}`)];
}

/** Numbers the kernel gives out, clocks, and states that are still settling: they differ between two builds of the same. */
const ignored = /^(ifindex|link_index|link_netnsid|handle|operstate|flags|metainfo|.*_timer)$/;

function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !ignored.test(key)).map(([key, inner]) => [key, comparable(inner)]));
}

function output(...words: readonly string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...words], { stderr: "pipe" });
  if (exitCode !== 0) throw new Error(`"${words.join(" ")}" ended with ${exitCode}: ${stderr.toString()}`);
  return stdout.toString();
}
