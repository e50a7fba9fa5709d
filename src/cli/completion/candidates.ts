// What could come next on a command line. The shells ask through the hidden command `__complete`, so that the rule is here once and not
// in three shell languages, and so that a script once installed stays right when commands are added.
import { networkAclsOf } from "../../model/network-acl.ts";
import { peeringsOf } from "../../model/peering.ts";
import { securityGroupsOf } from "../../model/security-group.ts";
import { listDestination } from "../../model/list-destination.ts";
import { findVpc, type Vpc, type World } from "../../model/world.ts";
import { type Command, type Completion, type Option, optionsOf } from "../command.ts";

export interface CompletionSources {
  world(): Promise<World>;
  workloads(): Promise<readonly string[]>;
}

/** The shell completes file names itself. */
export const fileMarker = ":files";

/** Candidates for the last word; `words` are those after the program's name and end with the (perhaps empty) word being typed. */
export async function completionCandidates(
  words: readonly string[],
  commands: readonly Command[],
  sources: CompletionSources,
): Promise<readonly string[]> {
  const typed = words.at(-1) ?? "";
  const all = await expected(words.slice(0, -1), typed, commands, sources);
  return all.filter((candidate) => candidate.startsWith(typed) || candidate === fileMarker);
}

async function expected(
  before: readonly string[],
  typed: string,
  commands: readonly Command[],
  sources: CompletionSources,
): Promise<readonly string[]> {
  const [name, ...rest] = before;
  const shown = commands.filter((command) => !command.hidden);
  if (name === undefined) return [...shown.map((command) => command.name), ...(typed.startsWith("-") ? ["--help", "--version"] : [])];
  const command = shown.find((candidate) => candidate.name === name);
  if (command === undefined || rest.includes("--")) return [];
  const { positional, pending } = walk(command, rest);
  const vpc = positional[command.arguments.findIndex((argument) => argument.complete === "vpc")] ?? "";
  if (pending !== undefined) return pending.choices ?? candidatesFor(pending.complete ?? "nothing", vpc, sources);
  if (typed.startsWith("-")) return optionsOf(command).map((option) => `--${option.name}`);
  const argument = command.arguments[positional.length];
  if (argument === undefined) return [];
  if (argument.choices !== undefined) return argument.choices;
  return candidatesFor(argument.complete, vpc, sources);
}

/** Which arguments are there already, and what the option before the cursor waits for. */
function walk(command: Command, words: readonly string[]): { positional: readonly string[]; pending?: Option } {
  const positional: string[] = [];
  let pending: Option | undefined;
  for (const word of words) {
    if (pending !== undefined) pending = undefined;
    else if (word.startsWith("-") && word !== "-") {
      const option = optionsOf(command).find((candidate) => word === `--${candidate.name}` || word === `-${candidate.short}`);
      if (option?.value !== undefined) pending = option;
    } else positional.push(word);
  }
  return pending === undefined ? { positional } : { positional, pending };
}

async function candidatesFor(kind: Completion, vpc: string, sources: CompletionSources): Promise<readonly string[]> {
  if (kind === "workload") return sources.workloads();
  if (kind === "file") return [fileMarker];
  if (kind === "nothing") return [];
  if (kind === "end-of-a-way") return endsOfWays(await sources.world());
  return namesOf(kind, await sources.world(), vpc);
}

/** What exists; of things that belong to a VPC those of the one that is named before. */
function namesOf(kind: Exclude<Completion, "workload" | "end-of-a-way" | "file" | "nothing">, world: World, vpcName: string): readonly string[] {
  const vpc = findVpc(world, vpcName);
  const records: Readonly<Record<typeof kind, object | undefined>> = {
    vpc: world.vpcs,
    peering: world.peerings,
    "elastic-ip": world.elasticIps,
    "prefix-list": world.prefixLists,
    subnet: vpc?.subnets,
    instance: vpc?.instances,
    place: { ...vpc?.subnets, ...vpc?.instances },
    "route-table": vpc?.routeTables,
    "route-destination": vpc && Object.fromEntries(Object.keys(world.prefixLists ?? {}).map((name) => [listDestination(name), true])),
    "route-target": vpc && routeTargets(world, vpc),
    "security-group": vpc === undefined ? undefined : securityGroupsOf(vpc),
    "network-acl": vpc === undefined ? undefined : networkAclsOf(vpc),
    "nat-gateway": vpc?.natGateways,
  };
  return Object.keys(records[kind] ?? {});
}

/** As analyze takes them. */
function endsOfWays({ vpcs }: World): readonly string[] {
  const inside = Object.values(vpcs).flatMap((vpc) => Object.keys({ ...vpc.subnets, ...vpc.instances }).map((name) => `${vpc.name}/${name}`));
  return [...inside, "internet", "host"];
}

/** As create-route takes them. */
function routeTargets(world: World, vpc: Vpc): object {
  const peerings = peeringsOf(world, vpc.name).map(({ peering }) => peering.name);
  const named = { "nat-gateway": Object.keys(vpc.natGateways ?? {}), peering: peerings, instance: Object.keys(vpc.instances ?? {}) };
  const texts = [
    ...(vpc.internetGateway ? ["internet-gateway"] : []),
    ...(vpc.egressOnlyInternetGateway === true ? ["egress-only-internet-gateway"] : []),
    ...Object.entries(named).flatMap(([kind, names]) => names.map((name) => `${kind}/${name}`)),
    "blackhole",
  ];
  return Object.fromEntries(texts.map((text) => [text, true]));
}
