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

test("the directory that a killed command made, before that of its VPC, is taken away", () => {
  mkdirSync(join(runtime, "dns"), { recursive: true });
  expect(servers.plan(emptyWorld, "all")).toEqual([]);
  expect(servers.settle(emptyWorld, "all")).toEqual([]);
  expect(existsSync(runtime)).toBe(false);
});

test("a directory that another VPC has something in stays", () => {
  mkdirSync(join(runtime, "dns", "b"), { recursive: true });
  expect(servers.settle(emptyWorld, [{ vpc: "a", subnets: [] }])).toEqual([]);
  expect(existsSync(join(runtime, "dns", "b"))).toBe(true);
});
