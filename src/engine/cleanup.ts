// Removes everything of ours, or of one VPC. What there is to remove is read from the marks in the kernel; a store that is lost or damaged
// does not matter. Never stops at a failure: tries everything and reports what would not go.
import { VpcctlError } from "../model/errors.ts";
import { emptyWorld } from "../model/world.ts";
import type { World } from "../model/world.ts";
import { deleteVpc } from "../operations/delete-vpc.ts";
import { planChanges } from "../plan/plan-changes.ts";
import type { Scope, Step, VpcScope } from "../drivers/driver.ts";
import type { CleanupRequest } from "./contract.ts";
import type { Foundations } from "./foundations.ts";
import { withPeers } from "./reach.ts";
import { recorded } from "./recorded.ts";
import { refusal } from "./refusal.ts";
import type { Report } from "./report.ts";
import type { Journal } from "../store/store.ts";
import { takeSteps } from "./take-steps.ts";

export function cleanup(on: Foundations, request: CleanupRequest): Report {
  const started = performance.now();
  const { store } = on;
  if (request.dryRun === true) {
    const planned = plan(on, request);
    return { ...answer(planned), steps: planned.steps, dryRun: true, endedProcesses: [], milliseconds: performance.now() - started };
  }
  using _ = store.lock(request.onWait);
  return recorded(store, request.command, started, () => {
    const planned = plan(on, request);
    const { before, after, steps, scope } = planned;
    // What a killed command left of other VPCs is not for this one to put right, and not to be forgotten either.
    const pending = beyond(store.journal(), scope);
    if (steps.length > 0 || before !== after) begin(on, request, joined(scope, pending));
    store.save(after);
    const taken = takeSteps(on, steps, "continue", request.onProgress);
    on.services.settle(after, scope);
    // After their namespaces are gone, so that what was ended there has been counted.
    on.forgetWorkloads(request.vpc);
    const { done, failures } = taken.applied;
    if (failures.length > 0) throw refusal(taken.applied, `${done} things were removed, ${failures.length} were not.`);
    if (pending === undefined) store.end();
    else store.begin(pending);
    return { ...answer(planned), ...taken, dryRun: false, milliseconds: performance.now() - started };
  });
}

/**
 * Where everything goes, a disk that is too full for a journal is no reason to leave it all standing: what a kill in between would leave,
 * the next cleanup finds by its marks.
 */
function begin({ store }: Foundations, { command, vpc }: CleanupRequest, scope: Scope): void {
  try {
    store.begin({ command, scope });
  } catch (error) {
    if (vpc !== undefined || !(error instanceof VpcctlError)) throw error;
  }
}

interface Plan {
  readonly before: World;
  readonly after: World;
  readonly steps: Step[];
  readonly scope: Scope;
}

/** What was taken away without a saved VPC that it belonged to is something that was put right. */
function answer({ before, after, steps }: Plan): Pick<Report, "world" | "isChanged" | "changes" | "healed" | "recovered"> {
  const changes = planChanges(before, after);
  return { world: after, isChanged: changes.length > 0, changes, healed: changes.length === 0 && steps.length > 0, recovered: false };
}

function plan({ driver, store }: Foundations, { vpc }: CleanupRequest): Plan {
  const before = vpc === undefined ? loadIfPossible(store) : store.load();
  const after = vpc === undefined ? emptyWorld : deleteVpc(before, { name: vpc, force: true });
  const facts = driver.survey();
  const toWanted = (scope: Scope, have: unknown): Step[] => driver.diff(driver.restrict(driver.compile(after, facts), scope), have);
  const own: Scope = vpc === undefined ? "all" : [{ vpc }];
  const steps = toWanted(own, driver.inventory(own));
  const scope = withLeftBehind(withPeers(before, own), vpc, store.journal());
  const peers = scope === "all" ? [] : scope.filter((part) => part.vpc !== vpc);
  // Their ends of the wires go first: what hangs on them would otherwise stand there until the kernel gets to the namespace.
  return { before, after, steps: peers.length === 0 ? steps : [...toWanted(peers, driver.observe(peers)), ...steps], scope };
}

/** A removal of this VPC that was killed after it had been saved: its peers are in no World any more, but their routers are in the journal. */
function withLeftBehind(scope: Scope, vpc: string | undefined, journal: Journal | undefined): Scope {
  const earlier = journal?.scope as Scope | undefined;
  if (scope === "all" || earlier === undefined || earlier === "all" || !earlier.some((part) => part.vpc === vpc)) return scope;
  const routers = earlier.filter((part) => part.subnets?.length === 0 && !scope.some((known) => known.vpc === part.vpc));
  return [...scope, ...routers];
}

/** What is left of an operation under way when this scope has been seen to. */
function beyond(journal: Journal | undefined, done: Scope): Journal | undefined {
  if (journal === undefined || done === "all") return undefined;
  const scope = journal.scope as Scope;
  if (scope === "all") return journal;
  const isDone = ({ vpc, subnets }: VpcScope): boolean => done.some((seen) => seen.vpc === vpc && (seen.subnets === undefined || subnets?.length === 0));
  const others = scope.filter((part) => !isDone(part));
  return others.length === 0 ? undefined : { ...journal, scope: others };
}

/** A scope and that of an operation that was under way before. */
function joined(scope: Scope, pending: Journal | undefined): Scope {
  const earlier = pending?.scope as Scope | undefined;
  if (earlier === undefined) return scope;
  return scope === "all" || earlier === "all" ? "all" : [...earlier, ...scope];
}

function loadIfPossible(store: Foundations["store"]): World {
  try {
    return store.load();
  } catch (error) {
    if (error instanceof VpcctlError) return emptyWorld;
    throw error;
  }
}
