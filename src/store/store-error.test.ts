import { expect, test } from "bun:test";
import { VpcctlError } from "../model/errors.ts";
import { emptyWorld } from "../model/world.ts";
import { openStore } from "./store.ts";
import { asStoreError } from "./store-error.ts";

/** What a call throws, as the user sees it. */
function refusalOf(call: () => unknown): { code: string; exitStatus: number; message: string; hint: string } {
  try {
    call();
  } catch (error) {
    if (error instanceof VpcctlError) return { code: error.code, exitStatus: error.exitStatus, message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error("nothing was refused");
}

const failing = (code: string) => () => {
  throw Object.assign(new Error(`${code}: no luck, open 'world.json'`), { code, syscall: "open" });
};

test("a store in an impossible place says so in each of its methods", () => {
  // A directory below a file: refused to root as well.
  const store = openStore("/proc/self/status/vpcctl");
  for (const call of [() => store.load(), () => store.save({ ...emptyWorld }), () => store.journal(), () => store.lock()]) {
    expect(refusalOf(call)).toMatchObject({ code: "StoreUnavailable", exitStatus: 1, message: expect.stringContaining("/proc/self/status/vpcctl") });
  }
});

test("a full disk asks for room, a forbidden file for rights", () => {
  expect(refusalOf(() => asStoreError("/var/lib/vpcctl", failing("ENOSPC"))).hint).toContain("Make room");
  expect(refusalOf(() => asStoreError("/var/lib/vpcctl", failing("EACCES")))).toMatchObject({ code: "NotPermitted", exitStatus: 5 });
});

test("a mistake of ours stays a bug", () => {
  expect(() => asStoreError("/var/lib/vpcctl", () => (undefined as unknown as { x: string }).x)).toThrow(TypeError);
});
