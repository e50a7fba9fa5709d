// Two Worlds of one history share what a line leaves alone, and what they share is not looked at. That must never hide a step.
import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { history, runAll } from "../../../test/support/random-lines.ts";
import { emptyWorld, type World } from "../../model/world.ts";
import { compile } from "./compile/compile.ts";
import { diff } from "./diff.ts";
import type { HostFacts } from "./host-facts.ts";

const facts: HostFacts = { uplinks: [{ link: "eth0", forwardingWas: "0" }], barriers: [] };
const specOf = (world: World) => compile(world, () => facts);
const stepsBetween = (before: World, after: World) => diff(specOf(after), specOf(before)).map(({ action, subject, script }) => [action, subject, ...script].join("\n"));

test("a line takes the same steps between Worlds that share parts as between those that share none", () => {
  fc.assert(
    fc.property(history, (lines) => {
      let before = emptyWorld;
      for (const line of lines) {
        const after = runAll([line], before);
        const apart = structuredClone(before);
        expect(stepsBetween(before, after)).toEqual(stepsBetween(apart, after));
        expect(stepsBetween(after, before)).toEqual(stepsBetween(after, apart));
        before = after;
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
