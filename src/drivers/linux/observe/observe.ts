// What the machine holds of ours, as a Spec. A namespace is ours when its name and the mark on its loopback agree; everything inside it
// counts. On the host only what carries a mark, lives in our table or hangs on a marked link does.
import { abandonedPlace, isAbandonedClaim, listNamespaces, namespaceExists } from "../../../kernel/namespaces.ts";
import type { Scope } from "../../driver.ts";
import { nameless, routerNamespace, attachmentNamespace } from "../names.ts";
import type { SpecObject } from "../objects/object.ts";
import { emptySpec } from "../spec.ts";
import type { Spec } from "../spec.ts";
import { observeHost } from "./host.ts";
import { inScope } from "./in-scope.ts";
import { joinPairs } from "./join-pairs.ts";
import { readMark, readNamespace } from "./namespace.ts";
import type { Reading } from "./namespace.ts";

/** Everything that is ours in the scope, in every detail. */
export function observe(scope: Scope): Spec {
  const readings: Reading[] = [];
  const abandoned: SpecObject[] = [];
  for (const namespace of candidates(scope)) {
    if (isAbandonedClaim(namespace)) abandoned.push(claim(namespace));
    else {
      const reading = readNamespace(namespace);
      if (reading !== undefined && inScope(scope, reading.mark)) readings.push(reading);
    }
  }
  const host = observeHost(scope);
  joinPairs([...readings, host]);
  return specOf([...abandoned, ...host.objects, ...readings.flatMap((reading) => reading.objects)]);
}

/** Only what must be named to remove everything in the scope: the namespaces, and our share of the host. */
export function inventory(scope: Scope): Spec {
  const objects: SpecObject[] = [];
  for (const namespace of candidates(scope)) {
    const mark = readMark(namespace);
    if (mark !== undefined && inScope(scope, mark.mark)) objects.push({ kind: "namespace", namespace, mark: mark.text, seen: true });
    else if (isAbandonedClaim(namespace)) objects.push(claim(namespace));
  }
  return specOf([...observeHost(scope).objects, ...objects]);
}

/** What a killed command has left in the place of a namespace; of somebody else's also in that, perhaps. */
function claim(namespace: string): SpecObject {
  return { kind: "namespace", namespace, mark: abandonedPlace(namespace) === undefined ? "" : nameless };
}

function specOf(objects: readonly SpecObject[]): Spec {
  if (objects.length === 0) return emptySpec;
  return new Map([["machine", { madeFrom: [Symbol("observed")], objects: () => objects }]]);
}

function candidates(scope: Scope): readonly string[] {
  if (scope === "all") return listNamespaces().filter((name) => name.startsWith("vpc."));
  const names = scope.flatMap(({ vpc, subnets }) => {
    const router = routerNamespace(vpc);
    const inside = subnets?.map((subnet) => attachmentNamespace(vpc, subnet)) ?? listNamespaces().filter((name) => name.startsWith(`${router}.`));
    return [router, ...inside];
  });
  return [...new Set(names)].filter((name) => namespaceExists(name) || isAbandonedClaim(name));
}
