// A machine that only remembers: for tests of what stands above the drivers (CLI, engine, API). It keeps the contract and has no network;
// whether a probe is answered is read from what it was told to hold.
import { firstHost, macOf, routerAddress, transitAddresses } from "../../model/addresses.ts";
import { attachmentsOf } from "../../model/attachment.ts";
import { instancesOf, type Instance } from "../../model/instance.ts";
import type { Cidr4 } from "../../model/cidr.ts";
import { routeTableOf, type Vpc, type World } from "../../model/world.ts";
import type { ApplyOptions, ApplyReport, Driver, LostPart, Probe, ProbeResult, Scope, Step, VpcLayout } from "../driver.ts";

/** Subject (`vpc company-a`, `subnet company-a/web`, `instance company-a/web/web1`) -> all that is to be known of it, as JSON. */
export type MemorySpec = ReadonlyMap<string, string>;

export interface MemoryStep extends Step {
  /** What the subject becomes; absent for a delete. */
  readonly becomes?: string;
}

export interface MemoryDriver extends Driver<MemorySpec, MemoryStep, undefined> {
  /** What the machine holds. Tests may change it behind the driver's back. */
  readonly held: Map<string, string>;
}

export interface MemoryDriverOptions {
  /** Steps on these subjects fail with the message. */
  readonly failures?: ReadonlyMap<string, string>;
  /** Overrides whether a probe is answered. */
  readonly answers?: (probe: Probe) => boolean | undefined;
  /** Parts that are lost, by instance: `a/web1`. */
  readonly lost?: ReadonlyMap<string, LostPart>;
  /** Whether the host itself has internet; it has when absent. */
  readonly hostReaches?: boolean;
}

export function createMemoryDriver(options: MemoryDriverOptions = {}): MemoryDriver {
  const held = new Map<string, string>();
  return {
    held,
    survey: () => undefined,
    objections: () => [],
    compile,
    observe: (scope) => restrict(held, scope),
    inventory: (scope) => restrict(held, scope),
    restrict,
    diff,
    apply: (steps, applyOptions) => apply(held, steps, applyOptions, options.failures),
    namespacesLost: (steps) => steps.filter(({ action }) => action === "delete").map(({ subject }) => `vpc.${nameIn(subject).replaceAll("/", ".")}`),
    hostReaches: async () => options.hostReaches ?? true,
    probe: async (probes) => answerAll(held, probes, options.answers),
    namespaceOf,
    lostPart: (vpc, { name }) => options.lost?.get(`${vpc}/${name}`),
    layout,
  };
}

function compile(world: World): MemorySpec {
  const spec = new Map<string, string>();
  for (const whole of Object.values(world.vpcs)) {
    const { subnets, instances: _, ...vpc } = whole;
    spec.set(`vpc ${vpc.name}`, JSON.stringify(vpc));
    for (const subnet of Object.values(subnets)) {
      const internet = vpc.internetGateway && routeTableOf(whole, subnet)?.routes.some((route) => route.target.kind === "internet-gateway");
      spec.set(`subnet ${vpc.name}/${subnet.name}`, JSON.stringify({ ...subnet, internet: internet ?? false }));
    }
    for (const instance of instancesOf(whole)) spec.set(`instance ${vpc.name}/${instance.subnet}/${instance.name}`, JSON.stringify(instance));
  }
  return spec;
}

/** `company-a` of `vpc company-a`, `company-a/web` of `subnet company-a/web`. */
function nameIn(subject: string): string {
  return subject.slice(subject.indexOf(" ") + 1);
}

function restrict(spec: MemorySpec, scope: Scope): MemorySpec {
  if (scope === "all") return new Map(spec);
  const inScope = (subject: string) => {
    const [vpc, ...rest] = nameIn(subject).split("/");
    const path = rest.join("/");
    return scope.some((part) => part.vpc === vpc && (path === "" || part.subnets === undefined || part.subnets.includes(path)));
  };
  return new Map([...spec].filter(([subject]) => inScope(subject)));
}

function diff(want: MemorySpec, have: MemorySpec): MemoryStep[] {
  const why = "This machine only remembers, so every step is a note.";
  const steps: MemoryStep[] = [];
  for (const [subject, becomes] of want) {
    const action = have.has(subject) ? "change" : "add";
    if (have.get(subject) !== becomes) steps.push({ action, subject, why, script: [`: ${action} ${subject}`], becomes });
  }
  for (const subject of have.keys()) {
    if (!want.has(subject)) steps.push({ action: "delete", subject, why, script: [`: delete ${subject}`] });
  }
  return steps;
}

function apply(held: Map<string, string>, steps: readonly MemoryStep[], options: ApplyOptions, refused?: ReadonlyMap<string, string>): ApplyReport {
  const failures: ApplyReport["failures"][number][] = [];
  let done = 0;
  for (const step of steps) {
    const refusal = refused?.get(step.subject);
    if (refusal !== undefined) {
      failures.push({ step, error: new Error(refusal) });
      if (options.onFailure === "stop") break;
      continue;
    }
    if (step.becomes === undefined) held.delete(step.subject);
    else held.set(step.subject, step.becomes);
    done++;
    options.onProgress?.(done, steps.length);
  }
  return { done, failures, skipped: steps.length - done - failures.length };
}

function answerAll(held: MemorySpec, probes: readonly Probe[], answers: MemoryDriverOptions["answers"]): ProbeResult[] {
  const subnets = new Map<string, { readonly internet: boolean }>();
  const addresses = new Set<string>();
  for (const [subject, text] of held) {
    const [kind, name = ""] = subject.split(" ");
    if (kind === "instance") {
      const { subnet, address }: Instance = JSON.parse(text);
      subnets.set(name, subnets.get(`${name.split("/")[0]}/${subnet}`) ?? { internet: false });
      addresses.add(`${name.split("/")[0]} ${address}`);
    }
    if (kind !== "subnet") continue;
    const { cidr, internet }: { cidr: Cidr4; internet: boolean } = JSON.parse(text);
    subnets.set(name, { internet });
    addresses.add(`${name.split("/")[0]} ${firstHost(cidr)}`);
  }
  return probes.map((probe) => {
    const from = subnets.get(`${probe.vpc}/${probe.subnet}`);
    if (from === undefined) return { probe, error: "the namespace is gone" };
    const reached = answers?.(probe) ?? (addresses.has(`${probe.vpc} ${probe.address}`) || from.internet);
    return reached ? { probe, milliseconds: 0.05 } : { probe };
  });
}

function layout(world: World, name: string): VpcLayout {
  const vpc: Vpc | undefined = world.vpcs[name];
  if (vpc === undefined) throw new Error(`no VPC ${name} to lay out`);
  const transit = transitAddresses(vpc.number);
  const attachments = attachmentsOf(vpc).map(({ path, subnet: { cidr }, address }) => {
    const routerLink = path.includes("/") ? `i-${path.slice(path.indexOf("/") + 1)}` : `v-${path}`;
    return [path, { namespace: namespaceOf(name, path), routerLink, gateway: routerAddress(cidr), address, mac: macOf(address) }] as const;
  });
  const [subnets, instances] = [attachments.filter(([path]) => !path.includes("/")), attachments.filter(([path]) => path.includes("/"))];
  return {
    namespace: `vpc.${name}`,
    bridges: [`br-${name}`],
    ...(vpc.internetGateway ? { internetGateway: { hostLink: `igw-${name}`, hostAddress: transit.host, routerAddress: transit.router } } : {}),
    subnets: Object.fromEntries(subnets),
    instances: Object.fromEntries(instances.map(([path, place]) => [path.slice(path.indexOf("/") + 1), place])),
  };
}

function namespaceOf(vpc: string, path: string): string {
  return `vpc.${vpc}.${path.replace("/", ".")}`;
}
