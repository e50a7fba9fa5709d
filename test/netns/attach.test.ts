// An interface of a subnet in a namespace that is somebody else's.
import { expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { eventually } from "../support/eventually.ts";
import { diffSnapshots, snapshotHost } from "../support/host-snapshot.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startStranger } from "../support/stranger.ts";
import { inside, network, one } from "./stranger-vpc.ts";
import { vpcctl } from "./tutorial-vpc.ts";

const everything = "ip -d link; ip address; ip route; ip neigh; ip rule; nft list ruleset; cat /proc/sys/net/ipv4/ip_forward";
/** Without what the kernel finds out in its own time: that a wire has a carrier. */
const look = async (host: FakeHost, pid: string): Promise<string> =>
  (await inside(host, pid, `sh -c '${everything}'`)).replace(/ state [A-Z]+|,LOWER_UP|NO-CARRIER,|,M-DOWN/g, "");
const isAlive = async (host: FakeHost, pid: string): Promise<boolean> => (await host.run(`kill -0 ${pid}`)).exitCode === 0;

sandboxTest("a program becomes an instance, and terminating that leaves the program and its namespace as they were", async (host) => {
  await vpcctl(host, ...network);
  const pid = await startStranger(host);
  const [before, machine] = [await look(host, pid), await snapshotHost(host)];
  expect(await host.ping(one, "10.0.2.5")).toBe(false);
  const attach = `attach a db --name guest --pid ${pid}`;
  expect(await vpcctl(host, attach)).toBe(`Attached process ${pid} to subnet db: it is instance a/guest with 10.0.2.5.\n`);
  expect(await host.ping(one, "10.0.2.5")).toBe(true);
  await inside(host, pid, "ping -q -c 1 -W 1 10.0.1.5");
  expect(await vpcctl(host, attach)).toStartWith("Nothing to do");
  await host.sh("ip -n vpc.a.db.guest address del 10.0.2.5/24 dev eth0");
  expect(await host.ping(one, "10.0.2.5")).toBe(false);
  expect(await vpcctl(host, attach)).toContain("Put right");
  expect(await host.ping(one, "10.0.2.5")).toBe(true);
  await vpcctl(host, "stop-instance a guest");
  expect([await host.ping(one, "10.0.2.5"), await isAlive(host, pid)]).toEqual([false, true]);
  await vpcctl(host, "terminate-instance a guest");
  expect([await look(host, pid), await isAlive(host, pid)]).toEqual([before, true]);
  expect(diffSnapshots(machine, await snapshotHost(host))).toEqual([]);
});

sandboxTest("cleanup, with the store and without, leaves a stranger's program and namespace as they were", async (host) => {
  const clean = await snapshotHost(host);
  const pid = await startStranger(host);
  const before = await look(host, pid);
  for (const wayOut of ["vpcctl cleanup", "rm -rf /run/vpcctl-state; vpcctl cleanup", "vpcctl delete-vpc a --force"]) {
    await vpcctl(host, ...network, `attach a db --name guest --pid ${pid}`);
    expect(await host.ping(one, "10.0.2.5")).toBe(true);
    await host.sh(wayOut);
    expect([wayOut, await look(host, pid), await isAlive(host, pid)]).toEqual([wayOut, before, true]);
  }
  await host.sh(`kill ${pid}; while kill -0 ${pid} 2>/dev/null; do sleep 0.01; done`);
  expect(diffSnapshots(clean, await snapshotHost(host))).toEqual([]);
});

sandboxTest("a mark that a killed command has left, when the namespace had its name no more, is found by cleanup and by the next command", async (host) => {
  const pid = await startStranger(host);
  const before = await look(host, pid);
  for (const way of ["vpcctl cleanup", "rm -rf /run/vpcctl-state; vpcctl cleanup", "vpcctl terminate-instance a guest; vpcctl cleanup"]) {
    await vpcctl(host, ...network, `attach a db --name guest --pid ${pid}`);
    await host.sh("ip -n vpc.a.db.guest link delete eth0; umount /run/netns/vpc.a.db.guest");
    expect(await look(host, pid)).not.toBe(before);
    await host.sh(way);
    expect([way, await look(host, pid), await host.sh("ls /run/netns | grep vpc || true")]).toEqual([way, before, ""]);
  }
});

sandboxTest("what a stranger has in its namespace is left alone, and an eth0 of its own is in the way", async (host) => {
  await vpcctl(host, ...network);
  const pid = await startStranger(host);
  await inside(host, pid, `sh -c '
    ip link set lo up; ip link add other type veth peer name other2; ip address add 192.0.2.1/24 dev other; ip link set other up
    ip route add 198.51.100.0/24 via 192.0.2.2 onlink dev other'`);
  const before = await look(host, pid);
  const attach = `attach a db --name guest --pid ${pid}`;
  await vpcctl(host, attach);
  expect(await vpcctl(host, attach)).toStartWith("Nothing to do");
  expect(await host.ping(one, "10.0.2.5")).toBe(true);
  await vpcctl(host, "terminate-instance a guest");
  expect(await look(host, pid)).toBe(before);
  await inside(host, pid, "ip link add eth0 type veth peer name far0");
  const taken = await look(host, pid);
  const refused = await host.run(`vpcctl ${attach}`);
  expect([refused.exitCode, refused.stderr]).toEqual([4, expect.stringContaining("Everything is as it was before. [HostConflict]")]);
  expect(await look(host, pid)).toBe(taken);
});

sandboxTest("what is no namespace of a stranger's, or has an owner, is refused", async (host) => {
  await vpcctl(host, ...network);
  const pid = await startStranger(host);
  const refusals: readonly (readonly [options: string, status: number, says: string])[] = [
    ["--pid $$", 2, "is in the host's own network namespace"],
    ["--pid 4000000", 2, "There is no process 4000000."],
    ["--pid web", 2, `"web" is not the number of a process.`],
    ["", 2, "Attached to what?"],
    ["--pid 1 --container web", 2, "A process and a container are two places."],
  ];
  for (const [options, status, says] of refusals) {
    const { exitCode, stderr } = await host.run(`vpcctl attach a db --name guest ${options}`);
    expect([options, exitCode, stderr]).toEqual([options, status, expect.stringContaining(says)]);
  }
  await vpcctl(host, `attach a db --name guest --pid ${pid}`);
  const { exitCode, stderr } = await host.run(`vpcctl attach a db --name other --pid ${pid}`);
  expect([exitCode, stderr]).toEqual([4, expect.stringContaining(`The network namespace of process ${pid} is that of instance a/guest.`)]);
});

sandboxTest("what runs in a namespace of ours stays there: an instance's program, a workload, the resolver in the router", async (host) => {
  await vpcctl(host, ...network, "run-instance a web --name two -- sleep 2000", "enable-dns a", "run-workload a web --detach --name job -- sleep 3000");
  // It has started when its supervisor runs, which starts it a moment later.
  await eventually("the workload runs", async () => (await host.run("pgrep -fx 'sleep 3000'")).exitCode === 0);
  const before = await snapshotHost(host);
  const owners = [["-fx 'sleep 2000'", "instance a/two"], ["-fx 'sleep 3000'", "subnet a/web"], ["-x dnsmasq", "the router of VPC a"]] as const;
  for (const [process, owner] of owners) {
    const pid = (await host.sh(`pgrep ${process}`)).trim();
    for (const option of ["", "--dry-run"]) {
      const { exitCode, stderr } = await host.run(`vpcctl attach a db --name guest --pid ${pid} ${option}`);
      const says = `Process ${pid} runs in the network namespace of ${owner}, so it cannot be instance guest as well.`;
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(says)]);
    }
  }
  expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
});

sandboxTest("another process of the namespace is the same instance", async (host) => {
  await vpcctl(host, ...network);
  const pid = await startStranger(host);
  await vpcctl(host, `attach a db --name guest --pid ${pid}`);
  const other = (await host.sh(`nsenter --target ${pid} --net sleep 1000 >/dev/null 2>&1 & echo $!`)).trim();
  await eventually("it is there", async () => (await host.sh(`readlink /proc/${other}/ns/net`)) === (await host.sh(`readlink /proc/${pid}/ns/net`)));
  expect(await vpcctl(host, `attach a db --name guest --pid ${other}`)).toStartWith("Nothing to do");
  const { exitCode, stderr } = await host.run(`vpcctl attach a db --name guest --pid ${await startStranger(host)}`);
  expect([exitCode, stderr]).toEqual([4, expect.stringContaining("exists with namespace of process")]);
});

sandboxTest("a container is found through docker or podman, whichever knows it", async (host) => {
  await vpcctl(host, ...network);
  const pid = await startStranger(host);
  const programs = "/run/programs";
  await host.sh(`mkdir ${programs}
    printf '#!/bin/sh\\necho "Error: no such object: $7" >&2; exit 1\\n' >${programs}/docker
    printf '#!/bin/sh\\n[ "$*" = "inspect --type container --format {{.State.Pid}} -- guest" ] && echo ${pid} || echo 0\\n' >${programs}/podman
    chmod +x ${programs}/*`);
  const attach = (container: string) => host.run(`PATH=${programs}:$PATH vpcctl attach a db --name guest --container ${container}`);
  expect((await attach("stopped")).stderr).toContain(`There is no running container "stopped". docker says: Error: no such object: stopped. podman says: it has stopped.`);
  expect((await attach("guest")).stdout).toBe("Attached container guest to subnet db: it is instance a/guest with 10.0.2.5.\n");
  expect(await host.ping(one, "10.0.2.5")).toBe(true);
  expect(await vpcctl(host, "instances a")).toContain("running, in container guest");
  const none = await host.run("PATH=$(dirname $(command -v vpcctl)) vpcctl attach a db --name other --container guest");
  expect([none.exitCode, none.stderr]).toEqual([5, expect.stringContaining("neither docker nor podman")]);
});

sandboxTest("an instance of one's own in the place of a stranger, in one go, is one of one's own", async (host) => {
  await vpcctl(host, ...network);
  const pid = await startStranger(host);
  const before = await look(host, pid);
  await vpcctl(host, `attach a db --name guest --pid ${pid}`);
  await host.sh("vpcctl batch -", { stdin: "terminate-instance a guest\nrun-instance a db --name guest\n" });
  expect([await look(host, pid), await isAlive(host, pid), await host.ping(one, "10.0.2.5")]).toEqual([before, true, true]);
  expect(await vpcctl(host, "run-instance a db --name guest")).toStartWith("Nothing to do");
});

sandboxTest("the script of a dry run does the same", async (host) => {
  await vpcctl(host, ...network);
  const pid = await startStranger(host);
  const before = await look(host, pid);
  const attach = `attach a db --name guest --pid ${pid}`;
  await host.sh("bash", { stdin: await vpcctl(host, `${attach} --dry-run`) });
  const byScript = await look(host, pid);
  await vpcctl(host, "cleanup", ...network);
  expect(await look(host, pid)).toBe(before);
  await vpcctl(host, attach);
  expect(await look(host, pid)).toBe(byScript);
  await host.sh("bash", { stdin: await vpcctl(host, "terminate-instance a guest --dry-run") });
  expect(await look(host, pid)).toBe(before);
});
