// The driver that makes Worlds real: network namespaces, veth pairs, bridges, routes and nftables of this machine.
import type { Driver } from "../driver.ts";
import { apply } from "./apply/apply.ts";
import { compile } from "./compile/compile.ts";
import { diff } from "./diff.ts";
import type { HostFacts } from "./host-facts.ts";
import { layout } from "./layout.ts";
import { attachmentNamespace, isAttachedMark } from "./names.ts";
import { lostPart } from "./observe/lost-part.ts";
import { isOursOrGone } from "./observe/namespace.ts";
import { objections } from "./observe/objections.ts";
import { inventory, observe } from "./observe/observe.ts";
import { survey } from "./observe/survey.ts";
import { withoutLost } from "./observe/without-lost.ts";
import { restrict } from "./restrict.ts";
import type { Spec } from "./spec.ts";
import type { LinuxStep } from "./step.ts";

/** Facts are looked up when the compiler asks, and once per command: most commands concern nothing of the host's. */
export type LinuxDriver = Driver<Spec, LinuxStep, () => HostFacts>;

export function createLinuxDriver(): LinuxDriver {
  return {
    survey() {
      let facts: HostFacts | undefined;
      return () => (facts ??= survey());
    },
    objections,
    compile: (world, facts) => compile(withoutLost(world), facts),
    observe,
    inventory,
    restrict,
    diff,
    apply,
    namespacesLost: (steps) =>
      steps.flatMap(({ action, object }) => {
        // What runs in a namespace of somebody else's goes on without us.
        if (action !== "delete" || object.kind !== "namespace" || isAttachedMark(object.mark)) return [];
        return object.seen === true || isOursOrGone(object.namespace) ? [object.namespace] : [];
      }),
    // Probes are loaded by those who send some.
    async probe(probes, timeout) {
      const { probeAll } = await import("./probe-all.ts");
      return probeAll(probes, timeout);
    },
    async hostReaches(address, timeout) {
      const { icmpProbes } = await import("../../kernel/probes.ts");
      const [result] = await icmpProbes([{ namespace: "", address }], timeout);
      return result?.milliseconds !== undefined;
    },
    namespaceOf: attachmentNamespace,
    lostPart,
    layout,
  };
}
