// Starting and ending a standby process, whatever else goes on, and what it leaves to its callers.
import { describe, expect } from "bun:test";
import { eventually } from "../support/eventually.ts";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";

const place = "/run/vpcctl/standby";

async function standby(host: FakeHost): Promise<number> {
  return (JSON.parse(await host.sh("vpcctl start-standby --json")) as { standby: { pid: number } }).standby.pid;
}

const howMany = async (host: FakeHost): Promise<number> => Number(await host.sh("pgrep -c -f '[_]_standby'; true"));

describe("a standby process", () => {
  sandboxTest("that is started and ended many times at once is there once, or not at all", async (host) => {
    for (let turn = 0; turn < 3; turn++) {
      const words = Array.from({ length: 16 }, (_, n) => (n % 2 === 0 ? "start-standby" : "stop-standby"));
      const results = await Promise.all(words.map((word) => host.run(`vpcctl ${word}`)));
      expect(results.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
      await standby(host);
      expect(await howMany(host)).toBe(1);
      expect(await host.sh("vpcctl stop-standby")).toContain("which stood by");
      expect(await howMany(host)).toBe(0);
      expect(await host.sh("ls /run")).not.toContain("vpcctl\n");
    }
  }, { internet: false });

  sandboxTest("that more wait for than may is not taken for one that has gone", async (host) => {
    await host.sh("sysctl -qw net.core.somaxconn=1");
    const pid = await standby(host);
    await host.sh(`kill -STOP ${pid}`);
    for (const n of [0, 1, 2, 3]) expect(await host.sh(`vpcctl create-vpc v${n} 10.${n}.0.0/16`)).toContain("Created VPC");
    for (const command of ["start-standby", "stop-standby", "cleanup"]) {
      const { exitCode, stderr } = await host.run(`vpcctl ${command}`);
      expect({ exitCode, isSaid: stderr.includes("it hears no more") }).toEqual({ exitCode: 1, isSaid: true });
    }
    expect(await howMany(host)).toBe(1);
    await host.sh(`kill -CONT ${pid}`);
    await eventually("it has heard them all", async () => (await host.run("vpcctl create-vpc a 10.9.0.0/16")).exitCode === 0);
    expect(await standby(host)).toBe(pid);
    expect(await host.sh("vpcctl stop-standby")).toContain(String(pid));
  }, { internet: false });

  sandboxTest("says so to who has other rights, and ends for it at once", async (host) => {
    const pid = await standby(host);
    const { exitCode, stderr } = await host.run("setpriv --no-new-privs vpcctl start-standby");
    expect({ exitCode, isSaid: stderr.includes(`process ${pid} stands by at ${place}/socket, for commands with other rights`) }).toEqual({ exitCode: 1, isSaid: true });
    const began = performance.now();
    expect((await host.run("setpriv --no-new-privs vpcctl stop-standby")).stderr).toBe("");
    expect(performance.now() - began).toBeLessThan(5000);
    expect(await howMany(host)).toBe(0);
  }, { internet: false });

  sandboxTest("takes nobody's file away", async (host) => {
    for (const file of [place, `${place}/socket`]) {
      await host.sh(`mkdir -p ${file.slice(0, file.lastIndexOf("/"))}; echo mine > ${file}`);
      expect(await host.sh("vpcctl stop-standby")).toBe("Nothing to do: no process stands by.\n");
      expect(await host.sh(`cat ${file}`)).toBe("mine\n");
      await host.sh(`rm -r ${place}`);
    }
    await host.sh(`echo mine > ${place}`);
    expect((await host.run("vpcctl start-standby")).stderr).toContain(`Cannot start a standby process at ${place}: File exists`);
    expect(await host.sh(`cat ${place}`)).toBe("mine\n");
  }, { internet: false });

  sandboxTest("starts while other commands come and go, which tidy up behind them", async (host) => {
    const other = (name: string) => host.start(`while :; do vpcctl create-vpc ${name} 10.0.0.0/16; vpcctl delete-vpc ${name}; done >/dev/null 2>&1`);
    const others = ["a", "b", "c"].map(other);
    for (let turn = 0; turn < 40; turn++) await host.sh("vpcctl start-standby && vpcctl stop-standby");
    for (const each of others) each.kill();
    expect(await howMany(host)).toBe(0);
  }, { internet: false });

  sandboxTest("ends after its time, whatever became of its directory, and wherever its callers have theirs", async (host) => {
    await host.sh(`vpcctl start-standby --idle 2; rm -r ${place}`);
    await eventually("it has ended", async () => (await howMany(host)) === 0);
    await host.sh("vpcctl start-standby --idle 2; cd /run; VPCCTL_RUNTIME_DIR=vpcctl vpcctl create-vpc a 10.0.0.0/16");
    await eventually("it has ended", async () => (await howMany(host)) === 0);
    expect(await host.sh("ls /run")).not.toContain("vpcctl\n");
  }, { internet: false });

  sandboxTest("has nothing open of a command's when that has ended", async (host) => {
    await host.sh("vpcctl start-standby; vpcctl create-vpc a 10.0.0.0/16; mkdir /run/disk");
    const turn = "mount -t tmpfs none /run/disk && (cd /run/disk && vpcctl add-subnet a web 10.0.1.0/24 >log && vpcctl delete-subnet a web >>log) && umount /run/disk";
    expect(await host.sh(`for turn in $(seq 60); do ${turn} || echo busy; done`)).toBe("");
  }, { internet: false });

  sandboxTest("is not asked to read what its callers alone can read", async (host) => {
    await host.sh("vpcctl start-standby; vpcctl create-vpc a 10.0.0.0/16; vpcctl add-subnet a web 10.0.1.0/24");
    const policy = JSON.stringify({ subnet: "10.0.1.0/24", ingress: [{ port: 80, protocol: "tcp", action: "allow" }] });
    for (const file of [`<(echo '${policy}')`, `/dev/fd/7 7<<<'${policy}'`, `/dev/stdin <<<'${policy}'`]) {
      expect(await host.sh(["bash", "-c", `vpcctl apply-policy a ${file}`])).toContain("olicy");
    }
  }, { internet: false });

  sandboxTest("leaves it to its caller, and the caller's limits, to start again a program that has ended", async (host) => {
    await host.sh("vpcctl create-vpc a 10.0.0.0/16; vpcctl add-subnet a web 10.0.1.0/24; vpcctl create-security-group a shop; vpcctl enable-dns a");
    await host.sh("vpcctl run-instance a web --name web1 --restart always -- sleep 1234");
    const pid = await standby(host);
    const program = () => host.sh("pgrep -f '^sleep 1234$'; true");
    const server = () => host.sh("pgrep -o -x dnsmasq; true");
    await eventually("it runs", program);
    // Its supervisor first, which would start it again.
    await host.sh("pid=$(pgrep -f '^sleep 1234$'); kill -KILL $(ps -o ppid= -p $pid) $pid $(pgrep -x dnsmasq)");
    await eventually("they have ended", async () => (await program()) === "" && (await server()) === "");
    await host.sh("ulimit -c 4096; vpcctl set-security-groups a web/web1 --security-group shop");
    for (const look of [program, server]) {
      const found = (await eventually("it is there again", look)).trim();
      expect(await host.sh(`grep 'core file' /proc/${found}/limits`)).toContain(String(4096 * 512));
    }
    expect(await host.sh("vpcctl instances a")).toContain("running");
    expect(await standby(host)).toBe(pid);
  }, { internet: false });
});
