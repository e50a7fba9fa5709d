// Makes the name servers what the World says. What is there is read each time, from the files that servers were started with and from the
// process table: nothing is remembered, so a server that was killed is simply one that is not there, and is started again.
//
//   <runtime>/dns/<vpc>/hosts          addresses and names; written anew and announced by a signal
//   <runtime>/dns/<vpc>/inside.conf    what a server was started with; when that is to change, it is started anew
//   <runtime>/dns/<vpc>/inside.pid     written by the server
//
// A World without a resolver costs one look for the directory.
import { chmodSync, directoryOf, existsSync, mkdirSync, readdirIfThere, removeIfEmpty, removeIfThere, removeTree, replaceFile, statSync } from "../kernel/files.ts";
import type { Scope, Step } from "../drivers/driver.ts";
import { asKernelError } from "../kernel/errors.ts";
import { resolves } from "../model/dns.ts";
import { emptyWorld, findVpc, type World } from "../model/world.ts";
import { runtimeDirectory } from "../workloads/runtime-directory.ts";
import { nameServersOf, type Role } from "./name-server-files.ts";
import { commandLine, end, readIfThere, requireProgram, running, start, tell } from "./name-server-process.ts";
import { upstreamFor } from "./upstream.ts";

export interface NameServers {
  /** Throws MissingLibrary when the later World needs a server that the earlier one did not, and there is no program for it. */
  demand(before: World, after: World): void;
  /** What `settle` would do. Changes nothing. */
  plan(world: World, scope: Scope): Step[];
  /** Would `settle` start or end a server? */
  startsOrEnds(world: World, scope: Scope): boolean;
  /** Starts, tells and ends servers of the VPCs in the scope; returns what it did. Throws VpcctlError when one does not start. */
  settle(world: World, scope: Scope): Step[];
  /** Ends the servers in these namespaces and removes their files. */
  leave(namespaces: readonly string[]): void;
}

/** @param namespaceOf name of the namespace of a VPC's router */
export function createNameServers(namespaceOf: (vpc: string) => string): NameServers {
  const plan = (world: World, scope: Scope): Deed[] =>
    asKernelError("look for the name servers", undefined, () => vpcsIn(world, scope).flatMap((name) => deeds(namespaceOf(name), name, world)));
  return {
    demand(before, after) {
      const served = (world: World): string[] => Object.values(world.vpcs).filter(resolves).map((vpc) => vpc.name);
      if (before.vpcs === after.vpcs) return;
      const had = new Set(served(before));
      if (served(after).some((name) => !had.has(name))) requireProgram();
    },
    plan: (world, scope) => plan(world, scope).map(({ step }) => step),
    startsOrEnds: (world, scope) => plan(world, scope).some(({ isProgram }) => isProgram === true),
    settle(world, scope) {
      const done = plan(world, scope);
      asKernelError("keep the name servers", undefined, () => {
        for (const deed of done) deed.act();
        // A command may have been killed between making one directory and the next, or between removing them.
        if (done.length === 0 && existsSync(runtimeDirectory())) removeEmptyParents();
      });
      return done.map(({ step }) => step);
    },
    leave(namespaces) {
      const lost = new Set(namespaces);
      asKernelError("end the name servers", undefined, () => {
        for (const name of served()) if (lost.has(namespaceOf(name))) for (const deed of deeds(namespaceOf(name), name, emptyWorld)) deed.act();
      });
    },
  };
}

const allServers = (): string => `${runtimeDirectory()}/dns`;

/** Names of VPCs that have files of name servers. */
const served = (): string[] => (existsSync(allServers()) ? readdirIfThere(allServers()) : []);

/** Those in the scope for which there is or should be a server. */
function vpcsIn(world: World, scope: Scope): string[] {
  const named = scope === "all" ? Object.keys(world.vpcs) : scope.map(({ vpc }) => vpc);
  const wanted = named.filter((name) => findVpc(world, name)?.dns?.enabled === true);
  const present = served().filter((name) => scope === "all" || named.includes(name));
  return [...new Set([...wanted, ...present])];
}

interface Deed {
  readonly step: Step;
  /** It starts or ends a server. */
  readonly isProgram?: true;
  act(): void;
}

const why = {
  files: "What the VPC's name servers know: addresses and names of everything in it, and its private zones.",
  server: "The VPC's resolver is dnsmasq, in the router's namespace: one that knows the names of the VPC, and one that also asks outside, for those who can go there.",
  tell: "The addresses have changed; a signal makes the name server read them again.",
};

function deeds(namespace: string, name: string, world: World): Deed[] {
  const vpc = findVpc(world, name);
  const directory = `${allServers()}/${name}`;
  const want = nameServersOf(world, vpc, { directory, upstream: vpc === undefined || !resolves(vpc) ? [] : upstreamFor(vpc) });
  const hosts = `${directory}/hosts`;
  const hasNews = want !== undefined && readIfThere(hosts) !== want.hosts;
  const list: Deed[] = hasNews ? [fileDeed(name, hosts, want.hosts)] : [];
  for (const role of ["inside", "outside"] as const) list.push(...serverDeeds({ namespace, name, directory, role, text: want?.settings.get(role), hasNews }));
  if (want === undefined && existsSync(directory)) list.push(removal(name, directory));
  return list;
}

interface Server {
  readonly namespace: string;
  readonly name: string;
  readonly directory: string;
  readonly role: Role;
  /** What it should be started with; undefined when it should not run. */
  readonly text: string | undefined;
  /** The addresses have changed. */
  readonly hasNews: boolean;
}

function serverDeeds({ namespace, name, directory, role, text, hasNews }: Server): Deed[] {
  const settings = `${directory}/${role}.conf`;
  const pidFile = `${directory}/${role}.pid`;
  const process = running(settings, pidFile, namespace);
  const subject = `name server ${namespace} ${role}`;
  const isRight = readIfThere(settings) === text;
  const kill = `kill $(cat ${pidFile})`;
  if (text === undefined) {
    const isThere = process !== undefined || existsSync(settings);
    const step: Step = { action: "delete", subject, why: why.server, script: [kill, `rm -f ${settings} ${pidFile}`] };
    return isThere ? [{ step, isProgram: true, act: () => forget(settings, pidFile) }] : [];
  }
  if (process !== undefined && isRight) {
    return hasNews ? [{ step: { action: "change", subject, why: why.tell, script: [`kill -HUP $(cat ${pidFile})`] }, act: () => tell(process) }] : [];
  }
  const launch = `ip netns exec ${namespace} ${commandLine("dnsmasq", settings).join(" ")}`;
  const step: Step = { action: process === undefined ? "add" : "change", subject, why: why.server, script: process === undefined ? [launch] : [kill, launch] };
  const act = (): void => startAnew(namespace, settings, pidFile);
  return [...(isRight ? [] : [fileDeed(name, settings, text)]), { step, isProgram: true, act }];
}

/** Milliseconds in which a server that has just been started has come so far that it can be found. */
const START_MS = 100;

function startAnew(namespace: string, settings: string, pidFile: string): void {
  end(settings, pidFile);
  try {
    start(namespace, settings);
  } catch (error) {
    // A command that was killed may have left one that was about to listen, and has taken the port.
    Bun.sleepSync(START_MS);
    if (running(settings, pidFile) === undefined) throw error;
    end(settings, pidFile);
    start(namespace, settings);
  }
}

function fileDeed(vpc: string, path: string, text: string): Deed {
  const words = text.trimEnd().split("\n").map((line) => `'${line.replaceAll("'", `'\\''`)}'`);
  const script = [`mkdir -p ${directoryOf(path)}`, `printf '%s\\n' ${words.join(" ")} > ${path}`];
  return { step: { action: existsSync(path) ? "change" : "add", subject: `names ${vpc} ${path}`, why: why.files, script }, act: () => write(path, text) };
}

function removal(vpc: string, directory: string): Deed {
  const act = (): void => {
    removeTree(directory);
    removeEmptyParents();
  };
  return { step: { action: "delete", subject: `names ${vpc}`, why: why.files, script: [`rm -r ${directory}`] }, act };
}

function forget(settings: string, pidFile: string): void {
  end(settings, pidFile);
  for (const path of [settings, pidFile]) removeIfThere(path);
}

/** Whole or not at all, and readable for the server, which is not root, whatever mask this command was started with. */
function write(path: string, text: string): void {
  mkdirSync(directoryOf(path), { recursive: true });
  for (const directory of [runtimeDirectory(), allServers(), directoryOf(path)]) chmodSync(directory, (statSync(directory).mode & 0o777) | 0o111);
  replaceFile(path, text, { safety: "in memory", mode: 0o644 });
}

function removeEmptyParents(): void {
  for (const parent of [allServers(), runtimeDirectory()]) removeIfEmpty(parent);
}
