// The engine without a process around it: what is left is the way from a World to the kernel and back. Runs inside a sandbox.
import { readFileSync } from "node:fs";
import { applyLines, joinScopes, parseLines } from "../../src/cli/commands/batch.ts";
import { createLinuxDriver } from "../../src/drivers/linux/linux-driver.ts";
import type { Engine } from "../../src/engine/contract.ts";
import { createEngine } from "../../src/engine/engine.ts";
import { noServices } from "../../src/engine/services.ts";
import type { World } from "../../src/model/world.ts";
import { openStore } from "../../src/store/store.ts";
import { batchPath, oneMore, ruleLines } from "./contenders.ts";
import { type PlanName, plans } from "./plans.ts";
import { median } from "./statistics.ts";
import { timeCall } from "./stopwatch.ts";

/** Milliseconds of each action; the batch text is parsed before the clock runs. */
export function engineTimes(plan: PlanName, size: number): Record<string, number> {
  const engine = createEngine({ driver: createLinuxDriver(), store: openStore("/run/state"), services: noServices, endProcessesIn: () => [], forgetWorkloads: () => undefined });
  const batch = changeOf(engine, readFileSync(batchPath, "utf8"));
  const additions = plan === "vpcs" ? [] : oneMore(size).map((n) => changeOf(engine, plans[plan].oneMore(n)));
  return {
    create: timeCall(batch),
    "no-op": timeCall(batch),
    ...(additions.length === 0 ? {} : { "add-one": median(additions.map(timeCall)) }),
    ...(plan === "instances" ? ruleTimes(engine, size) : {}),
    describe: timeCall(() => engine.layout(engine.world(), plan === "vpcs" ? "v0" : "bench")),
    cleanup: timeCall(() => engine.cleanup({ command: "cleanup" })),
  };
}

function ruleTimes(engine: Engine, size: number): Record<string, number> {
  const time = (lines: readonly string[]): number => median(lines.map((line) => changeOf(engine, line)).map(timeCall));
  const { group, rules, members } = ruleLines(size);
  return { "new-group": time([group]), "add-rule": time(rules), "add-member": time(members) };
}

function changeOf(engine: Engine, text: string): () => void {
  const { lines, problems } = parseLines(text);
  const touches = (world: World) => joinScopes(lines.map(({ verb }) => verb.touches(world)));
  return () => engine.change({ command: "bench", touches, operate: (world) => applyLines(world, lines, problems, "bench") });
}
