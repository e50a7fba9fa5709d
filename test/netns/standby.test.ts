// Commands that a standby process carries out do what commands in processes of their own do, and it leaves nothing behind.
import { describe, expect } from "bun:test";
import { describeResult } from "../support/command-result.ts";
import { eventually } from "../support/eventually.ts";
import { executable } from "../support/executable.ts";
import type { FakeHost } from "../support/fake-host.ts";
import { diffSnapshots, type Snapshot, snapshotHost } from "../support/host-snapshot.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { untilItSleeps } from "../support/until-it-sleeps.ts";
import { buildTutorialVpc, privateDb, publicWeb, vpcctl } from "./tutorial-vpc.ts";

async function startStandby(host: FakeHost, ...options: readonly string[]): Promise<number> {
  const { result, standby } = JSON.parse(await host.sh(["vpcctl", "start-standby", "--json", ...options])) as { result: string; standby: { pid: number } };
  expect(result).toBe("started");
  return standby.pid;
}

const isThere = async (host: FakeHost, pid: number): Promise<boolean> => (await host.run(`grep -q standby /proc/${pid}/cmdline`)).exitCode === 0;

/** Threads of a process that has just ended may still be there for a moment. */
async function becomesAsBefore(host: FakeHost, before: Snapshot): Promise<void> {
  await eventually("the host is as before", async () => diffSnapshots(before, await snapshotHost(host)).length === 0);
}

/** Processor time of a process in ticks: it grows when the process does something. */
async function ticks(host: FakeHost, pid: number): Promise<number> {
  const fields = (await host.sh(`cat /proc/${pid}/stat`)).split(" ");
  return Number(fields[13]) + Number(fields[14]);
}

const policy = (...ingress: readonly object[]): string => JSON.stringify({ subnet: "10.0.2.0/24", ingress });

/** A line of each kind: done, unchanged, refused for what it says, refused for what is there. */
const lines = [
  "vpcctl create-vpc a 10.0.0.0/16",
  "vpcctl add-subnet a web 10.0.1.0/24",
  "vpcctl add-subnet a web 10.0.1.0/24",
  "vpcctl add-subnet a db 10.0.2.0/24 --quiet",
  "vpcctl create-security-group a shop",
  "vpcctl authorize-ingress a shop --protocol tcp --port 80 --cidr 0.0.0.0/0 --explain",
  "vpcctl authorize-ingress a shop --protocol tcp --port 99999 --cidr 10.0.0.1/8",
  "vpcctl authorize-ingress a nobody --protocol tcp --port 80 --cidr 0.0.0.0/0 --json",
  "vpcctl run-instance a web --name web1 --security-group shop",
  "vpcctl enable-internet a web",
  "vpcctl shape a/web1 --bandwidth 10mbit --dry-run",
  `cd /run && echo '${policy({ port: 80, protocol: "tcp", action: "allow" })}' > policy.json && vpcctl apply-policy a policy.json; rm policy.json`,
  `echo '${policy()}' | vpcctl apply-policy a -`,
  "vpcctl delete-subnet a web",
  "vpcctl terminate-instance a web1",
  "vpcctl delete-subnet a db",
  "vpcctl describe a",
  "vpcctl log | awk '{ $1 = $2 = $5 = $6 = \"\"; print }'",
  "vpcctl delete-vpc a --force",
];

async function answers(host: FakeHost): Promise<string[]> {
  const said: string[] = [];
  // Times are what it is all about, and differ.
  for (const line of lines) said.push(describeResult(await host.run(line)).replace(/"milliseconds": [\d.]+/g, ""));
  return said;
}

describe("with a standby process", () => {
  sandboxTest("commands answer word for word what they answer without, and leave the same", async (host) => {
    const before = await snapshotHost(host);
    const without = await answers(host);
    await host.sh('vpcctl cleanup; rm -r "$VPCCTL_STATE_DIR"');
    const pid = await startStandby(host);
    const idle = await ticks(host, pid);
    expect(await answers(host)).toEqual(without);
    expect(await ticks(host, pid)).toBeGreaterThan(idle);
    expect(await host.sh("vpcctl stop-standby")).toBe(`Ended process ${pid}, which stood by.\n`);
    await becomesAsBefore(host, before);
  });

  sandboxTest("packets go where they should, and cleanup takes it along with everything else", async (host) => {
    const before = await snapshotHost(host);
    const pid = await startStandby(host);
    await buildTutorialVpc(host);
    const reached = await Promise.all([host.ping(publicWeb, "8.8.8.8"), host.ping(publicWeb, "10.0.2.4"), host.ping(privateDb, "8.8.8.8")]);
    expect(reached).toEqual([true, true, false]);
    expect((await host.run("vpcctl cleanup")).stderr).toContain("Ended the standby process.");
    expect(await isThere(host, pid)).toBe(false);
    await becomesAsBefore(host, before);
  });

  sandboxTest("no thread and no file of it stays in a network namespace, and no file of a command stays open", async (host) => {
    const pid = await startStandby(host);
    const round = async (from: number): Promise<void> => {
      for (let n = from; n < from + 15; n++) {
        await vpcctl(host, `create-vpc v${n} 10.0.0.0/16`, `add-subnet v${n} web 10.0.1.0/24`, `enable-internet v${n} web`, `delete-vpc v${n} --force`);
      }
    };
    const files = () => host.sh(`sleep 0.2; ls -l /proc/${pid}/fd | sed -n 's/.* -> //p' | sed 's/[0-9]\\{6,\\}//' | sort`);
    await round(0);
    const first = await files();
    await round(20);
    expect(await files()).toBe(first);
    // Threads that the runtime starts when it sees fit, wherever we are just then; it has them unless it is told otherwise.
    expect(await host.sh(`cat /proc/${pid}/task/*/comm`)).not.toMatch(/JITWorker|HeapHelper/);
    const places = await host.sh(`for task in /proc/${pid}/task/*; do readlink $task/ns/net; done; readlink /proc/${pid}/fd/* | grep net: ; true`);
    expect(new Set(places.trim().split("\n"))).toEqual(new Set([(await host.sh("readlink /proc/self/ns/net")).trim()]));
  });

  sandboxTest("fifty commands at once are all done, whoever carries them out", async (host) => {
    await startStandby(host);
    await host.sh("vpcctl create-vpc a 10.0.0.0/16");
    const results = await Promise.all(Array.from({ length: 50 }, (_, n) => host.run(`vpcctl add-subnet a s${n} 10.0.${n}.0/24`)));
    expect(results.filter(({ exitCode }) => exitCode !== 0).map(describeResult)).toEqual([]);
    expect(await host.sh("vpcctl list")).toContain("50");
    expect(await host.ping("vpc.a.s0", "10.0.49.4")).toBe(true);
  }, { internet: false });

  sandboxTest("a program is started by who asks for it, and lives on without either", async (host) => {
    const pid = await startStandby(host);
    await host.sh("vpcctl create-vpc a 10.0.0.0/16; vpcctl add-subnet a web 10.0.1.0/24");
    await host.sh("MINE=yes vpcctl run-instance a web --name web1 -- sh -c 'echo $MINE; exec sleep 1000'");
    // It has started when its supervisor runs, and says something a moment later.
    await eventually("it has spoken", async () => (await host.sh("vpcctl logs a/web1")) === "yes\n");
    await host.sh("vpcctl stop-instance a web1; MINE=no vpcctl start-instance a web1");
    const parents = await host.sh("ps -e -o ppid=,args= | grep '[s]leep 1000'");
    expect(parents).not.toMatch(new RegExp(`^ *${pid} `, "m"));
    await host.sh("vpcctl stop-standby");
    expect(await host.sh("vpcctl instances a")).toContain("running");
    await eventually("the next has spoken", async () => (await host.sh("vpcctl logs a/web1")) === "yes\nno\n");
  }, { internet: false });

  sandboxTest("nobody ends whoever has asked for it, though it came from a namespace that goes", async (host) => {
    await startStandby(host);
    await host.sh("vpcctl create-vpc a 10.0.0.0/16; vpcctl add-subnet a web 10.0.1.0/24");
    const inside = "nsenter --net=/proc/1/ns/net vpcctl delete-subnet a web; echo and on it goes";
    const { stdout } = await host.run(`ip netns exec vpc.a.web sleep 1000 & ${untilItSleeps}; nsenter --net=/run/netns/vpc.a.web sh -c '${inside}'`);
    expect(stdout).toContain("Ended 1 process: sleep");
    expect(stdout).toEndWith("and on it goes\n");
  }, { internet: false });

  sandboxTest("each command has the state directory of its caller", async (host) => {
    await startStandby(host);
    await host.sh("vpcctl create-vpc a 10.0.0.0/16");
    await host.sh("VPCCTL_STATE_DIR=/run/other vpcctl create-vpc b 10.0.0.0/16");
    expect(await host.sh("vpcctl list --json")).not.toContain('"b"');
    expect(await host.sh("VPCCTL_STATE_DIR=/run/other vpcctl list --json")).not.toContain('"a"');
  }, { internet: false });
});

describe("a standby process", () => {
  sandboxTest("is started once, and again after it was killed", async (host) => {
    const pid = await startStandby(host);
    expect(await host.sh("vpcctl start-standby")).toBe(`Nothing to do: process ${pid} stands by already.\n`);
    await host.sh(`kill -KILL ${pid}`);
    await host.sh("vpcctl create-vpc a 10.0.0.0/16");
    expect(await startStandby(host)).not.toBe(pid);
    expect(await host.sh("vpcctl add-subnet a web 10.0.1.0/24")).toContain("Added subnet");
    expect(await host.sh("vpcctl stop-standby; vpcctl stop-standby")).toEndWith("Nothing to do: no process stands by.\n");
  }, { internet: false });

  sandboxTest("ends by itself after its time, without a trace", async (host) => {
    const before = await snapshotHost(host);
    const pid = await startStandby(host, "--idle", "0.3");
    await eventually("it has ended", async () => !(await isThere(host, pid)));
    await becomesAsBefore(host, before);
  }, { internet: false });

  sandboxTest("gives way when its program is replaced", async (host) => {
    await host.sh(["sh", "-c", 'cp "$1" /run/vpcctl-old; cp "$1" /run/vpcctl-new', "sh", await executable()]);
    const { standby } = JSON.parse(await host.sh("/run/vpcctl-old start-standby --json")) as { standby: { pid: number } };
    await host.sh("mv /run/vpcctl-new /run/vpcctl-old");
    expect(await host.sh("/run/vpcctl-old create-vpc a 10.0.0.0/16")).toContain("Created VPC a");
    await eventually("it has ended", async () => !(await isThere(host, standby.pid)));
  }, { internet: false });

  sandboxTest("that is killed in the middle of a change leaves what a killed command leaves, and its caller says so", async (host) => {
    const pid = await startStandby(host);
    await host.sh("vpcctl create-vpc a 10.0.0.0/16");
    // Holds the change up at the lock, where it can be caught.
    const holder = host.start(`flock "$VPCCTL_STATE_DIR/lock" sh -c 'echo held; exec sleep 1000'`);
    await holder.stdout.getReader().read();
    const change = host.run("vpcctl add-subnet a web 10.0.1.0/24");
    await eventually("it waits at the lock", async () => (await host.run(`ls -l /proc/${pid}/fd | grep -q lock`)).exitCode === 0);
    await host.sh(`kill -KILL ${pid}; pkill -f '[s]leep 1000'`);
    holder.kill();
    const { exitCode, stderr } = await change;
    expect(exitCode).toBe(1);
    expect(stderr).toContain("StandbyLost");
    expect(await host.sh("vpcctl add-subnet a web 10.0.1.0/24")).toContain("Added subnet");
  }, { internet: false });

  sandboxTest("cannot be where a socket cannot be, and that is told", async (host) => {
    const { exitCode, stderr } = await host.run(`VPCCTL_RUNTIME_DIR=/run/${"x".repeat(120)} vpcctl start-standby`);
    expect({ exitCode, said: stderr.includes("at most 107 bytes") }).toEqual({ exitCode: 1, said: true });
    expect(await host.sh("ls /run")).not.toContain("xxx");
  }, { internet: false });
});
