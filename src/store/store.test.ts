import { describe, expect, onTestFinished, test } from "bun:test";
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refused } from "../../test/support/memory-engine.ts";
import { lockFile } from "../kernel/flock.ts";
import type { Cidr4, Ipv4 } from "../model/cidr.ts";
import { emptyWorld } from "../model/world.ts";
import type { World } from "../model/world.ts";
import type { LogLine } from "./log.ts";
import { openStore } from "./store.ts";

function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "vpcctl-store-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, "state");
}

const world: World = {
  schema: 3,
  vpcs: {
    a: {
      name: "a", number: 1, cidr: "10.0.0.0/16" as Cidr4, internetGateway: false,
      subnets: { web: { name: "web", cidr: "10.0.1.0/24" as Cidr4, slot: 0 } },
      routeTables: { main: { name: "main", number: 1, routes: [] } },
    },
  },
};

describe("the World", () => {
  test("is read back as it was saved, and is empty where nothing was", () => {
    const directory = freshDirectory();
    expect(openStore(directory).load()).toEqual(emptyWorld);
    expect(existsSync(directory)).toBe(false);
    openStore(directory).save(world);
    expect(openStore(directory).load()).toEqual(world);
  });

  test("leaves no file when it is empty again", () => {
    const directory = freshDirectory();
    const store = openStore(directory);
    store.save(world);
    store.save({ schema: 3, vpcs: {} });
    expect(readdirSync(directory)).toEqual([]);
  });

  test("without a VPC still has what belongs to none: Elastic IPs, prefix lists and the public pool", () => {
    const parts: readonly Omit<World, "schema" | "vpcs">[] = [
      { prefixLists: { offices: { name: "offices", cidrs: ["192.0.2.0/24" as Cidr4] } } },
      { elasticIps: { front: { name: "front", address: "198.18.0.2" as Ipv4 } } },
      { publicPool: "198.51.100.0/24" as Cidr4 },
    ];
    for (const part of parts) {
      const directory = freshDirectory();
      openStore(directory).save({ schema: 3, vpcs: {}, ...part });
      expect(openStore(directory).load()).toEqual({ schema: 3, vpcs: {}, ...part });
      openStore(directory).save(emptyWorld);
      expect(readdirSync(directory)).toEqual([]);
    }
  });

  test("that is cut off, or no JSON, is refused with a way out, and stays as it is", () => {
    for (const damage of [(text: string) => text.slice(0, -20), () => "", () => "{", () => "[]", () => '{"world":7}', () => '{"world":{"schema":1}}']) {
      const directory = freshDirectory();
      const store = openStore(directory);
      store.save(world);
      const path = join(directory, "world.json");
      const damaged = damage(readFileSync(path, "utf8"));
      writeFileSync(path, damaged);
      const error = refused(() => store.load());
      expect([error.code, error.hint === "", readFileSync(path, "utf8")]).toEqual(["StoreCorrupt", false, damaged]);
    }
  });

  test("of a newer vpcctl is refused as such", () => {
    const directory = freshDirectory();
    const store = openStore(directory);
    store.save(world);
    writeFileSync(join(directory, "world.json"), JSON.stringify({ checksum: "0", world: { ...world, schema: 99 } }));
    expect(refused(() => store.load()).code).toBe("StoreTooNew");
  });

  test("that somebody edited well counts; edited badly it is refused with what is wrong", () => {
    const directory = freshDirectory();
    const store = openStore(directory);
    store.save(world);
    const path = join(directory, "world.json");
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replaceAll("10.0.1.0/24", "10.0.7.0/24"));
    expect(store.load().vpcs["a"]?.subnets["web"]?.cidr).toBe("10.0.7.0/24" as Cidr4);
    writeFileSync(path, text.replaceAll("10.0.1.0/24", "10.9.7.0/24"));
    expect(refused(() => store.load()).code).toBe("StoreCorrupt");
  });

  test("is replaced whole: a draft left by a killed command is never read, and goes", () => {
    const directory = freshDirectory();
    const store = openStore(directory);
    store.save(world);
    writeFileSync(join(directory, "world.json.new"), '{"half');
    expect(store.load()).toEqual(world);
    store.end();
    expect(readdirSync(directory)).toEqual(["world.json"]);
  });

  test("that cannot be saved is an error about the directory, and the old one stays", () => {
    const directory = freshDirectory();
    writeFileSync(directory, "a file where the directory should be");
    expect(refused(() => openStore(directory).save(world)).message).toContain(directory);
  });
});

describe("the journal", () => {
  const journal = { command: "add-subnet a web 10.0.1.0/24", scope: [{ vpc: "a", subnets: ["web"] }] };

  test("is there from the beginning of an operation to its end", () => {
    const store = openStore(freshDirectory());
    expect(store.journal()).toBeUndefined();
    store.begin(journal);
    expect(store.journal()).toEqual(journal);
    store.end();
    expect(store.journal()).toBeUndefined();
    store.end();
  });

  test("cut off in writing still says that an operation was under way, somewhere", () => {
    const directory = freshDirectory();
    const store = openStore(directory);
    store.begin(journal);
    const path = join(directory, "journal.json");
    const whole = readFileSync(path, "utf8");
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.slice(0, length));
      expect(store.journal()?.scope).toBe("all");
    }
  });
});

describe("the log", () => {
  const line = (command: string): LogLine => ({ time: "2026-01-01T00:00:00.000Z", command, result: "done", steps: 1, milliseconds: 2 });

  test("is read oldest first, without a last line that was cut off", () => {
    const directory = freshDirectory();
    const store = openStore(directory);
    for (const command of ["one", "two"]) store.appendLog(line(command));
    writeFileSync(join(directory, "log.jsonl"), '{"time":"2026', { flag: "a" });
    expect(store.readLog().map(({ command }) => command)).toEqual(["one", "two"]);
  });

  test("starts a new file when it is full, and keeps the one before", () => {
    const directory = freshDirectory();
    const store = openStore(directory);
    const long = "x".repeat(400_000);
    for (const name of ["a", "b", "c", "d", "e", "f", "g"]) store.appendLog(line(`${name}${long}`));
    const commands = store.readLog().map(({ command }) => command[0]);
    expect(commands.at(-1)).toBe("g");
    expect(commands.length).toBeLessThan(7);
    expect(commands).toEqual(["a", "b", "c", "d", "e", "f", "g"].slice(-commands.length));
    expect(readdirSync(directory).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(["log.jsonl", "log.jsonl.1"]);
  });

  test("is put aside by one command only: who meets another at it writes on", () => {
    const directory = freshDirectory();
    const store = openStore(directory);
    const path = join(directory, "log.jsonl");
    store.appendLog(line("x".repeat(1_000_000)));
    const other = openSync(path, "r+");
    expect(lockFile(other, path, "try")).toBe(true);
    store.appendLog(line("two"));
    expect(existsSync(`${path}.1`)).toBe(false);
    closeSync(other);
    store.appendLog(line("three"));
    expect(existsSync(`${path}.1`)).toBe(true);
    expect(store.readLog().map(({ command }) => command.slice(0, 5))).toEqual(["xxxxx", "two", "three"]);
  });

  test("can be written on after a line that was cut off", () => {
    const directory = freshDirectory();
    const store = openStore(directory);
    store.appendLog(line("one"));
    writeFileSync(join(directory, "log.jsonl"), '{"time":"2026', { flag: "a" });
    store.appendLog(line("two"));
    store.appendLog(line("three"));
    expect(store.readLog().map(({ command }) => command)).toEqual(["one", "two", "three"]);
  });
});

test("the lock is free again when it is let go", () => {
  const store = openStore(freshDirectory());
  let waited = 0;
  for (let i = 0; i < 3; i++) {
    using lock = store.lock(() => waited++);
    expect(lock).toBeDefined();
  }
  expect(waited).toBe(0);
});
