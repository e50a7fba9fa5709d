import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptyWorld } from "../model/world.ts";
import { createNameServers } from "./settle-name-servers.ts";

const before = process.env["VPCCTL_RUNTIME_DIR"];
let parent: string;
let runtime: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "vpcctl-names-"));
  runtime = join(parent, "runtime");
  process.env["VPCCTL_RUNTIME_DIR"] = runtime;
});

afterEach(() => {
  rmSync(parent, { recursive: true });
  if (before === undefined) delete process.env["VPCCTL_RUNTIME_DIR"];
  else process.env["VPCCTL_RUNTIME_DIR"] = before;
});

const servers = createNameServers((vpc) => `vpc.${vpc}`);

for (const [instant, left] of [["made the directory of all, and not yet that of its VPC,", "dns"], ["removed the directory of all, and not yet what that is in,", ""]] as const) {
  test(`what a command leaves that was killed when it had ${instant} is taken away`, () => {
    mkdirSync(join(runtime, left), { recursive: true });
    expect(servers.plan(emptyWorld, "all")).toEqual([]);
    expect(servers.settle(emptyWorld, "all")).toEqual([]);
    expect(existsSync(runtime)).toBe(false);
  });
}

test("a directory that another VPC has something in stays", () => {
  mkdirSync(join(runtime, "dns", "b"), { recursive: true });
  expect(servers.settle(emptyWorld, [{ vpc: "a", subnets: [] }])).toEqual([]);
  expect(existsSync(join(runtime, "dns", "b"))).toBe(true);
});

test("a server that cannot be looked for does not count as one that is not there", () => {
  const directory = join(runtime, "dns", "a");
  mkdirSync(join(directory, "inside.pid"), { recursive: true });
  expect(() => servers.settle(emptyWorld, "all")).toThrow("Cannot look for the name servers: Is a directory (EISDIR)");
  expect(() => servers.leave(["vpc.a"])).toThrow("Cannot end the name servers: Is a directory (EISDIR)");
  expect(existsSync(directory)).toBe(true);
});
