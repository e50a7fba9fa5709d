// Instances with real packets and real programs: machines of their own in a subnet, that come, stop, start and go.
import { expect } from "bun:test";
import { eventually } from "../support/eventually.ts";
import type { FakeHost } from "../support/fake-host.ts";
import { diffSnapshots, snapshotHost } from "../support/host-snapshot.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { vpcctl } from "./tutorial-vpc.ts";

const network = ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24"];
const three = [...network, "run-instance a web --name one", "run-instance a web --name two", "run-instance a db --name far"];
const [one, two, far] = ["vpc.a.web.one", "vpc.a.web.two", "vpc.a.db.far"];

const server = "sh -c 'exec 2>/dev/null; trap \"ping -q -c 1 -W 1 10.0.2.4 >/dev/null && echo bye; exit 0\" TERM; echo up; while :; do sleep 0.05; done'";

/** `one` of a table's rows: the words of the columns STATE and PROGRAM. */
async function stateOf(host: FakeHost, name: string): Promise<string> {
  const { instances } = JSON.parse(await vpcctl(host, "instances a --json")) as { instances: { name: string; state: string; program?: { state: { kind: string } } }[] };
  const instance = instances.find((each) => each.name === name);
  return `${instance?.state} ${instance?.program?.state.kind ?? "none"}`;
}

/** Address and MAC. */
const link = (host: FakeHost, namespace: string): Promise<string> =>
  host.sh(`ip -n ${namespace} -br -4 address show dev eth0; ip -n ${namespace} -br link show dev eth0 | awk '{print $3}'`);
const log = (host: FakeHost, name: string): Promise<string> => vpcctl(host, `logs a/${name}`);

sandboxTest("instances reach each other inside a subnet and across subnets, and none that is stopped", async (host) => {
  await vpcctl(host, ...three);
  const ways = [[one, "10.0.1.6"], [two, "10.0.1.5"], [one, "10.0.2.5"], [far, "10.0.1.6"], [one, "10.0.2.4"]] as const;
  for (const [from, to] of ways) expect([from, to, await host.ping(from, to)]).toEqual([from, to, true]);
  await vpcctl(host, "stop-instance a two");
  expect(await Promise.all([host.ping(one, "10.0.1.6"), host.ping(far, "10.0.1.6"), host.ping(one, "10.0.2.5")])).toEqual([false, false, true]);
});

sandboxTest("an instance that is stopped and started has the address and the MAC it had", async (host) => {
  await vpcctl(host, ...three);
  const before = await link(host, two);
  expect(before).toContain("02:76:0a:00:01:06");
  await vpcctl(host, "stop-instance a two", "run-instance a web --name three");
  expect(await host.ping(one, "10.0.1.6")).toBe(false);
  await vpcctl(host, "start-instance a two");
  expect(await link(host, two)).toBe(before);
  expect(await host.ping(one, "10.0.1.6")).toBe(true);
});

sandboxTest("a program runs in its instance, is asked to end while that still has its network, and is started with it, its log going on", async (host) => {
  await vpcctl(host, ...network, `run-instance a web --name one --restart never -- ${server}`);
  await eventually("the program is up", async () => (await log(host, "one")) === "up\n");
  expect(await stateOf(host, "one")).toBe("running running");
  expect(await host.sh(`ip netns pids ${one} | wc -l`)).not.toBe("0\n");
  await vpcctl(host, "stop-instance a one");
  expect([await stateOf(host, "one"), await log(host, "one")]).toEqual(["stopped exited", "up\nbye\n"]);
  expect(await host.sh(`ip netns pids ${one} | wc -l`)).toBe("0\n");
  await vpcctl(host, "start-instance a one");
  await eventually("the program is up again", async () => (await log(host, "one")) === "up\nbye\nup\n");
});

sandboxTest("a script ends a program while it has its network, and starts it when it has one", async (host) => {
  await vpcctl(host, ...network, "run-instance a web --name one -- sleep 1000");
  const acts = (script: string): string[] => script.split("\n").flatMap((line) => /^kill|link set i-one (?:up|down)$|setsid/.exec(line)?.[0] ?? []);
  for (const [command, order] of [["stop-instance a one", ["kill", "link set i-one down"]], ["start-instance a one", ["link set i-one up", "setsid"]]] as const) {
    for (const option of ["--dry-run", "--explain"]) expect([command, option, acts(await vpcctl(host, `${command} ${option}`))]).toEqual([command, option, [...order]]);
  }
});

sandboxTest("a program that fails is started again as its policy says; run-instance again starts one that was killed with its supervisor", async (host) => {
  const run = (name: string, policy: string): string => `run-instance a web --name ${name} --restart ${policy} -- sh -c 'echo up; exec sleep 1000'`;
  await vpcctl(host, ...network, run("one", "on-failure"), run("two", "never"));
  await eventually("both are up", async () => (await log(host, "one")) + (await log(host, "two")) === "up\nup\n");
  // Their shells have spoken, and become `sleep` a moment later.
  await eventually("both sleep", async () => (await host.sh("pgrep -c -x sleep; true")) === "2\n");
  await host.sh("pkill -KILL -x sleep");
  await eventually("one is up again", async () => (await log(host, "one")) === "up\nup\n");
  expect(await stateOf(host, "two")).toBe("running killed");
  await host.sh("for pid in $(ip netns pids vpc.a.web.one); do kill -KILL $pid; done");
  await eventually("its supervisor is gone", async () => (await stateOf(host, "one")) === "running lost");
  expect(await vpcctl(host, run("one", "on-failure"))).toContain("Put right 1 thing");
  await eventually("one is up once more", async () => (await log(host, "one")) === "up\nup\nup\n");
  expect(await vpcctl(host, run("two", "never"))).toStartWith("Nothing to do");
  expect(await stateOf(host, "two")).toBe("running killed");
});

sandboxTest("a program that cannot be started undoes its instance, and in a batch everything", async (host) => {
  const before = await snapshotHost(host);
  const lines = [...network, "run-instance a web --name one -- sleep 1000", "run-instance a web --name two -- no-such-program"];
  const batch = await host.run("vpcctl batch -", { stdin: lines.join("\n") });
  expect([batch.exitCode, batch.stderr]).toEqual([2, expect.stringContaining(`There is no command "no-such-program" that can be executed. Everything is as it was before.`)]);
  expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
  await vpcctl(host, ...network);
  const alone = await host.run("vpcctl run-instance a web --name two -- no-such-program");
  expect(alone.exitCode).toBe(2);
  const line = await host.run("vpcctl run-instance a web --name two -- 'sleep 1000'");
  expect([line.exitCode, line.stderr]).toEqual([2, expect.stringContaining(`-- sh -c "sleep 1000"`)]);
  expect(await vpcctl(host, "instances a")).toBe("VPC a has no instances.\n");
});

sandboxTest("a program that cannot be started any more is told to whoever asks for it, and hinders nothing else", async (host) => {
  await host.sh("printf '#!/bin/sh\\necho up; exec sleep 1000\\n' >/run/program; chmod +x /run/program");
  const run = "run-instance a web --name one --restart always -- /run/program";
  await vpcctl(host, ...network, run);
  await eventually("it is up", async () => (await log(host, "one")) === "up\n");
  await host.sh("rm /run/program; for pid in $(ip netns pids vpc.a.web.one); do kill -KILL $pid; done");
  await eventually("it has ended", async () => (await stateOf(host, "one")) === "running lost");
  expect(await vpcctl(host, "modify-instance a one --source-dest-check false")).toBe("Changed instance a/one.\n");
  const again = await host.run(`vpcctl ${run}`);
  expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining(`There is no command "/run/program" that can be executed.`)]);
  expect([await stateOf(host, "one"), await log(host, "one")]).toEqual(["running lost", "up\n"]);
  await vpcctl(host, "stop-instance a one");
  const start = await host.run("vpcctl start-instance a one");
  expect([start.exitCode, start.stderr, await stateOf(host, "one")]).toEqual([2, expect.stringContaining("Everything is as it was before."), expect.stringContaining("stopped")]);
});

sandboxTest("a command that is killed while it starts a program is completed by running it again, and undone by cleanup", async (host) => {
  const clean = await snapshotHost(host);
  const run = "run-instance a web --name one --restart always -- sleep 1000";
  for (const again of [true, false]) {
    for (const seconds of ["0.010", "0.020", "0.030", "0.040", "0.060"]) {
      await vpcctl(host, ...network.slice(0, 2));
      await host.run(`timeout --signal KILL ${seconds} vpcctl ${run}`);
      if (again) {
        await vpcctl(host, run);
        await eventually("the program runs, once", async () => (await host.sh("pgrep -cx sleep || true")) === "1\n");
      }
      await vpcctl(host, "cleanup");
    }
  }
  expect(diffSnapshots(clean, await snapshotHost(host))).toEqual([]);
});

sandboxTest("exec runs a program in the instance and passes its input, output and exit status on; so does shell", async (host) => {
  await vpcctl(host, ...three);
  const exec = await host.run("vpcctl exec a two 'cat; ip -br -4 address show dev eth0; echo $VPCCTL_SUBNET/$VPCCTL_INSTANCE; exit 7'", { stdin: "in\n" });
  expect([exec.exitCode, exec.stdout.replace(/eth0@\S+ +UP +/, "")]).toEqual([7, "in\n10.0.1.6/24 \nweb/two\n"]);
  const shell = await host.run("SHELL=/bin/sh vpcctl shell a two", { stdin: "echo $VPCCTL_INSTANCE; exit 9\n" });
  expect([shell.exitCode, shell.stdout]).toEqual([9, "two\n"]);
  await vpcctl(host, "stop-instance a two");
  const stopped = await host.run("vpcctl exec a two -- true");
  expect([stopped.exitCode, stopped.stderr]).toEqual([4, expect.stringContaining("[IncorrectInstanceState]")]);
});

sandboxTest("terminate-instance leaves nothing of an instance, and neither do delete-subnet --force and cleanup", async (host) => {
  const clean = await snapshotHost(host);
  await vpcctl(host, ...network);
  const before = await snapshotHost(host);
  const router = await host.sh("ip -n vpc.a -br link; ip -n vpc.a neigh; ip netns exec vpc.a nft list ruleset | grep -v vpc-mark");
  const runs = ["one", "two"].map((name) => `run-instance a web --name ${name} --restart always -- sleep 1000`);
  await vpcctl(host, ...runs);
  expect(diffSnapshots(before, await snapshotHost(host))).not.toEqual([]);
  await vpcctl(host, "terminate-instance a one", "stop-instance a two", "terminate-instance a two");
  expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
  expect(await host.sh("ip -n vpc.a -br link; ip -n vpc.a neigh; ip netns exec vpc.a nft list ruleset | grep -v vpc-mark")).toBe(router);
  await vpcctl(host, ...runs, "delete-subnet a web --force");
  expect(await host.sh("ls /run/netns | grep -c vpc.a.web || true; pgrep -x sleep | wc -l; ls /run/vpcctl 2>/dev/null | wc -l")).toBe("0\n0\n0\n");
  await vpcctl(host, "add-subnet a web 10.0.1.0/24", ...runs, "cleanup");
  expect(diffSnapshots(clean, await snapshotHost(host))).toEqual([]);
});

sandboxTest(
  "a VPC has more attachments than a bridge has ports: the first and the last reach each other over two bridges, and a lost way between them is noticed",
  async (host) => {
    const runs = Array.from({ length: 1030 }, (_, n) => `run-instance a big --name i${n + 1}`);
    await host.sh("vpcctl batch -", { stdin: ["create-vpc a 10.0.0.0/16", "add-subnet a big 10.0.16.0/20", ...runs].join("\n") });
    const [first, last] = ["vpc.a.big.i1", "vpc.a.big.i1030"];
    expect(await host.sh("for port in i-i1 i-i1030; do ip -n vpc.a -o link show $port | grep -o 'master [^ ]*'; done")).toBe("master br-a\nmaster br-a.2\n");
    expect(await Promise.all([host.ping(first, "10.0.20.10"), host.ping(last, "10.0.16.5"), host.ping(last, "10.0.20.9")])).toEqual([true, true, true]);
    await host.sh("ip -n vpc.a route delete 10.0.20.10/32");
    expect(await host.ping(first, "10.0.20.10")).toBe(false);
    expect(await vpcctl(host, "run-instance a big --name i1030")).toContain("Put right 1 thing");
    expect(await host.ping(first, "10.0.20.10")).toBe(true);
  },
  { internet: false },
);
