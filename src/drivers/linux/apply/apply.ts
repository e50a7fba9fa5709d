// Carries out steps. Requests to one namespace that follow each other travel in one send, nftables commands of one namespace in one
// transaction; a group is sent when the next step belongs elsewhere. So 1,000 subnets are some 2,000 sends and one transaction.
import { isKernelError } from "../../../kernel/errors.ts";
import { changeSets, mostRequests } from "../../../kernel/netlink/change-sets.ts";
import type { Request } from "../../../kernel/netlink/request.ts";
import { requireLinkIndex } from "../../../kernel/netlink/link-state.ts";
import { releaseNamespaceDirectory } from "../../../kernel/namespace-directory.ts";
import { inNamespace } from "../../../kernel/namespaces.ts";
import { nftRun } from "../../../kernel/libnftables.ts";
import type { ApplyOptions, ApplyReport, StepFailure } from "../../driver.ts";
import type { SpecObject } from "../objects/object.ts";
import { isAttachedMark } from "../names.ts";
import { isOursOrGone } from "../observe/namespace.ts";
import type { LinuxStep } from "../step.ts";
import { clearNamespace, makeNamespace } from "./make-namespace.ts";
import { addRequests, changeRequests, deleteRequests, type Kernel, type NetlinkObject } from "./requests.ts";
import { forgetFlows } from "./forget-flows.ts";
import { OutOfBounds } from "./out-of-bounds.ts";
import { awaitAddresses } from "./await-addresses.ts";
import { Departures } from "./departures.ts";
import { failureOf, isGone, reasonOf } from "./failure.ts";
import { elementRequests } from "./element-requests.ts";
import { addOurRule, deleteOurRule } from "./foreign-rules.ts";
import { inTransactions, nftCommandsOf, type NftObject } from "./nft-commands-of.ts";
import { type Route, routeOf } from "./route-of.ts";
import { setSysctl } from "./set-sysctl.ts";
import { Sockets } from "./sockets.ts";

export function apply(steps: readonly LinuxStep[], options: ApplyOptions): ApplyReport {
  using run = new Run(steps.length, options);
  const report = run.all(steps);
  forgetFlows(steps);
  // A creation killed before its namespace had a name may have left just the directory for names.
  if (options.onFailure === "continue") releaseNamespaceDirectory();
  return report;
}

class Run implements Kernel, Disposable {
  readonly #total: number;
  readonly #options: ApplyOptions;
  readonly #sockets = new Sockets();
  readonly #departures = new Departures();
  readonly #failures: StepFailure[] = [];
  readonly #indices = new Map<string, number>();
  readonly #outOfBounds = new OutOfBounds();
  #group: LinuxStep[] = [];
  #route: Route = "alone";
  #done = 0;
  #mustEnd = false;

  constructor(total: number, options: ApplyOptions) {
    this.#total = total;
    this.#options = options;
  }

  all(steps: readonly LinuxStep[]): ApplyReport {
    for (const step of steps) {
      if (this.#outOfBounds.holds(step.object)) continue;
      // A new subnet's namespace waits for nobody: requests to the router may be held back until it is there.
      const waits = step.object.kind === "namespace" && step.action === "add" && this.#route === "netlink";
      if (!waits && !this.#fits(step)) this.#flush();
      if (this.#stopped) break;
      const route = routeOf(step);
      if (route === "alone") this.#alone(step);
      else {
        this.#route = route;
        this.#group.push(step);
      }
    }
    if (!this.#stopped) this.#flush();
    awaitAddresses(this.#sockets, steps);
    return { done: this.#done, failures: this.#failures, skipped: this.#total - this.#done - this.#failures.length };
  }

  get #stopped(): boolean {
    return this.#failures.length > 0 && (this.#options.onFailure === "stop" || this.#mustEnd);
  }

  #fits(step: LinuxStep): boolean {
    const [first] = this.#group;
    return first === undefined || (routeOf(step) === this.#route && namespaceOf(step.object) === namespaceOf(first.object));
  }

  #flush(): void {
    const group = this.#group;
    const [first] = group;
    this.#group = [];
    if (first === undefined) return;
    const namespace = namespaceOf(first.object);
    // Whoever comes later builds on those before, so the first refusal ends them.
    if (this.#route === "nft") for (const part of inTransactions(group)) if (!this.#stopped) this.#transaction(namespace, part);
    if (this.#route === "sysctl") this.#settings(namespace, group);
    if (this.#route === "netlink") this.#batch(namespace, group);
    this.#options.onProgress?.(this.#done + this.#failures.length, this.#total);
  }

  /** One after the other, since a setting may depend on one before; but in one visit. */
  #settings(namespace: string, group: readonly LinuxStep[]): void {
    let next = 0;
    const each = (): void => {
      for (; next < group.length && !this.#stopped; next++) this.#alone(group[next] as LinuxStep);
    };
    const noWay = failureOf(() => inNamespace(namespace, each));
    if (noWay !== undefined) for (const step of group.slice(next)) if (!this.#stopped) this.#finish(step, noWay);
  }

  #transaction(namespace: string, group: readonly LinuxStep[]): void {
    const steps = group.map(({ action, object, previous }) => ({ action, object: object as NftObject, previous }));
    const requests = steps.length <= mostRequests / 2 ? elementRequests(steps) : undefined;
    const error = failureOf(() => (requests === undefined ? nftRun(namespace, nftCommandsOf(steps)) : changeSets(namespace, requests)));
    // One thing that was gone already must not keep the rest: then each deletion is tried by itself.
    if (error !== undefined && group.length > 1 && group.every((step) => step.action === "delete") && isKernelError(error, "ENOENT")) {
      for (const step of group) this.#transaction(namespace, [step]);
      return;
    }
    // Refused as one, told of once.
    for (const step of error === undefined ? group : group.slice(0, 1)) this.#finish(step, error);
  }

  #batch(namespace: string, group: readonly LinuxStep[]): void {
    const requests: Request[] = [];
    const owners: LinuxStep[] = [];
    const errors = new Map<LinuxStep, Error>();
    for (const step of group) {
      const error = failureOf(() => {
        for (const request of this.#requestsOf(step)) {
          requests.push(request);
          owners.push(step);
        }
      });
      if (error !== undefined) errors.set(step, error);
    }
    const refusal = failureOf(() => {
      this.#sockets.socket(namespace).transact(requests).forEach((error, i) => {
        const step = owners[i];
        if (error !== undefined && step !== undefined && !errors.has(step)) errors.set(step, error);
      });
    });
    this.#sockets.closeHandles();
    for (const step of group) this.#finish(step, refusal ?? errors.get(step));
  }

  #requestsOf({ action, object, previous }: LinuxStep): Request[] {
    const netlinkObject = object as NetlinkObject;
    if (action === "add") return addRequests(netlinkObject, this);
    if (action === "change") return changeRequests(netlinkObject, (previous ?? object) as NetlinkObject, this);
    return netlinkObject.kind === "namespace" ? [] : deleteRequests(netlinkObject, this);
  }

  #alone(step: LinuxStep): void {
    this.#finish(step, failureOf(() => this.#act(step)));
  }

  #act({ action, object }: LinuxStep): void {
    if (object.kind === "namespace") {
      if (action === "delete") {
        this.#sockets.forget(object.namespace);
        // Not looked at for this command: by now the name may be somebody else's.
        if (object.seen !== true && !isOursOrGone(object.namespace)) return;
        if (isAttachedMark(object.mark)) clearNamespace(object.namespace);
        this.#departures.delete(object.namespace);
      } else this.#sockets.adopt(object.namespace, makeNamespace(object));
    } else if (object.kind === "sysctl") {
      const value = action === "delete" ? object.was : object.value;
      if (value !== undefined) setSysctl(object.namespace, object.key, value, object.optional === true || action === "delete");
    } else if (object.kind === "foreign-rule") {
      if (action === "delete") deleteOurRule(object);
      else addOurRule(object);
    }
  }

  #finish(step: LinuxStep, error: Error | undefined): void {
    if (error === undefined || (step.action === "delete" && isGone(error))) this.#done++;
    else {
      this.#failures.push({ step, error, ...reasonOf(step, error) });
      // A setting of the host's that cannot be put back ends even a removal: the gateways' links remember how it was, and the host's table
      // guards what it opens, so neither may go before it.
      if (step.action === "delete" && step.object.kind === "sysctl") this.#mustEnd = true;
      if (step.action === "add") this.#outOfBounds.add(step.object);
    }
  }

  indexOf(namespace: string, link: string): number {
    const key = `${namespace} ${link}`;
    const index = this.#indices.get(key) ?? requireLinkIndex(this.#sockets.socket(namespace), link);
    this.#indices.set(key, index);
    return index;
  }

  namespaceFd(namespace: string): number {
    return this.#sockets.fd(namespace);
  }

  [Symbol.dispose](): void {
    this.#sockets.close();
    this.#departures.end();
  }
}

const namespaceOf = (o: SpecObject): string => ("namespace" in o ? o.namespace : "");
