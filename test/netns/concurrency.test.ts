// Gate 7. Commands side by side: none is lost, and in the end kernel and World agree.
import { describe, expect } from "bun:test";
import { stateDirectory } from "../../src/sandbox/make-believe.ts";
import { type CommandResult, describeResult } from "../support/command-result.ts";
import { eventually } from "../support/eventually.ts";
import { executable } from "../support/executable.ts";
import type { FakeHost } from "../support/fake-host.ts";
import { diffSnapshots, type Snapshot, snapshotHost } from "../support/host-snapshot.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startStranger } from "../support/stranger.ts";
import { buildBefore, needsStranger, wordsFor } from "../gate/on-host.ts";
import { scenarios } from "../gate/scenarios.ts";

const many = 50;
const numbers = Array.from({ length: many }, (_, index) => index);

/** Starts all commands at once and waits for all. */
function sideBySide(host: FakeHost, lines: readonly string[]): Promise<CommandResult[]> {
  return Promise.all(lines.map((line) => host.run(`vpcctl ${line}`)));
}

function expectAllDone(results: readonly CommandResult[]): void {
  expect(results.filter(({ exitCode }) => exitCode !== 0).map(describeResult)).toEqual([]);
}

/** Kernel and World agree: these lines, which say how everything should be by now, find nothing to do. */
async function expectSettled(host: FakeHost, lines: readonly string[]): Promise<void> {
  const { changes, stepCount } = JSON.parse(await host.sh("vpcctl batch - --dry-run --json", { stdin: lines.join("\n") })) as { changes: unknown[]; stepCount: number };
  expect({ changes, stepCount }).toEqual({ changes: [], stepCount: 0 });
}

/** A bridge is in no state until the kernel has thought about its carrier, which it puts off for up to a second. */
const awaitsCarrier = (snapshot: Snapshot): boolean =>
  [...snapshot].some(([section, lines]) => section.endsWith("links") && lines.some((line) => /: br-\S+: .* state UNKNOWN /.test(line)));

describe("every command run twice", () => {
  for (const scenario of scenarios) {
    sandboxTest(`(${scenario.name}) has nothing to do the second time, and touches nothing`, async (host) => {
      const stranger = needsStranger(scenario) ? await startStranger(host) : undefined;
      await buildBefore(host, "vpcctl", scenario, stranger);
      const words = wordsFor(scenario.command, stranger);
      const run = () => host.sh(["vpcctl", ...words, ...(scenario.file === undefined ? [] : ["-"])], { stdin: scenario.file ?? "" });
      await run();
      // The kernel may still be taking apart what was removed.
      let before = await snapshotHost(host);
      await eventually("the host is at rest", async () => {
        const last = before;
        before = await snapshotHost(host);
        return diffSnapshots(last, before).length === 0 && !awaitsCarrier(before);
      });
      expect(await run()).toContain("Nothing to do");
      expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
    });
  }
});

describe(`${many} commands at once`, () => {
  sandboxTest("that each add a subnet to one VPC add them all", async (host) => {
    const lines = numbers.map((number) => `add-subnet a s${number} 10.0.${number}.0/24`);
    await host.sh("vpcctl create-vpc a 10.0.0.0/16");
    expectAllDone(await sideBySide(host, lines));
    await expectSettled(host, ["create-vpc a 10.0.0.0/16", ...lines]);
    const namespaces = (await host.sh("ls /run/netns")).split("\n").filter((name) => name.startsWith("vpc.a.s"));
    expect(namespaces.length).toBe(many);
    expect(await host.ping("vpc.a.s0", `10.0.${many - 1}.4`)).toBe(true);
  }, { internet: false });

  sandboxTest("that each make a VPC make them all, and as many that remove them all remove them all", async (host) => {
    const before = await snapshotHost(host);
    const lines = numbers.map((number) => `create-vpc v${number} 10.0.0.0/16`);
    expectAllDone(await sideBySide(host, lines));
    await expectSettled(host, lines);
    const furnished = numbers.flatMap((number) => [`add-subnet v${number} web 10.0.1.0/24`, `enable-internet v${number} web`]);
    await host.sh("vpcctl batch -", { stdin: furnished.join("\n") });
    expectAllDone(await sideBySide(host, numbers.map((number) => `delete-vpc v${number} --force`)));
    expect(await host.sh("vpcctl list")).toBe("There are no VPCs.\n");
    await eventually("the host is as before", async () => diffSnapshots(before, await snapshotHost(host)).length === 0);
  });

  sandboxTest("that ask for the same do it once", async (host) => {
    const results = await sideBySide(host, numbers.map(() => "create-vpc a 10.0.0.0/16"));
    expectAllDone(results);
    expect(results.filter(({ stdout }) => stdout.startsWith("Created VPC a")).length).toBe(1);
    expect(results.filter(({ stdout }) => stdout.startsWith("Nothing to do")).length).toBe(many - 1);
  }, { internet: false });

  sandboxTest("that build and remove in one VPC leave what the last of each pair says", async (host) => {
    const kept = numbers.slice(0, many / 2).map((number) => `add-subnet a new${number} 10.0.${100 + number}.0/24`);
    const goes = numbers.slice(0, many / 2).map((number) => `delete-subnet a old${number}`);
    const old = numbers.slice(0, many / 2).map((number) => `add-subnet a old${number} 10.0.${number}.0/24`);
    await host.sh("vpcctl batch -", { stdin: ["create-vpc a 10.0.0.0/16", ...old, "enable-internet a old0"].join("\n") });
    expectAllDone(await sideBySide(host, kept.flatMap((line, index) => [line, goes[index] ?? ""])));
    await expectSettled(host, [...kept, ...goes]);
    expect(await host.sh("ls /run/netns")).not.toContain("old");
  });
});

describe("a command that finds another at work", () => {
  sandboxTest("says that it waits, and goes on when the other is killed", async (host) => {
    await host.sh("vpcctl create-vpc a 10.0.0.0/16");
    // Stopped for good in the middle of its work: at the door of its third request to the kernel.
    const tracer = `strace -o /dev/null -e inject=sendto:signal=STOP:when=3 ${await executable()}`;
    const holder = host.start(`echo $$ >/run/tracer; exec ${tracer} add-subnet a web 10.0.1.0/24`);
    await eventually("the holder has begun", async () => (await host.sh(`ls ${stateDirectory}`)).includes("journal.json"));
    const waiter = host.start("vpcctl add-subnet a other 10.0.2.0/24");
    const said = waiter.stderr.getReader();
    expect(new TextDecoder().decode((await said.read()).value)).toContain("waiting");
    // Who only looks need not wait.
    expect(await host.sh("vpcctl list")).toContain("10.0.0.0/16");
    await host.sh('kill -KILL $(cat "/proc/$(cat /run/tracer)/task/$(cat /run/tracer)/children")');
    expect(await holder.exited).not.toBe(0);
    expect(await waiter.exited).toBe(0);
    expect(await new Response(waiter.stdout).text()).toContain("interrupted");
    await expectSettled(host, ["add-subnet a other 10.0.2.0/24", "delete-subnet a web"]);
  }, { internet: false });
});
