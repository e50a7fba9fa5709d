// The sandbox as users meet it: the whole program, started outside, on this machine's kernel.
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { eventually } from "../support/eventually.ts";
import { executableForAnybody } from "../support/executable.ts";
import { diffSnapshots, snapshotHost, type Snapshot } from "../support/host-snapshot.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { thisMachine } from "../support/this-machine.ts";

const vpcctl = await executableForAnybody();

interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `vpcctl sandbox -- sh -c line`, behind other words that start it (as another user, for example). */
async function sandbox(line: string, before: readonly string[] = []): Promise<Outcome> {
  const child = Bun.spawn([...before, vpcctl, "sandbox", "--", "sh", "-c", line], { stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, status] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited]);
  return { status, stdout, stderr };
}

let commands = 0;

/** A command line that no other process has. */
const unique = (): string => `sleep 1000${process.pid}.${++commands}`;

/** Processes in whose command line this occurs: the command itself, and all that will start it. */
function processesWith(commandLine: string): number[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => commandLineOf(pid).includes(commandLine));
}

/** Empty for a process that has ended. */
function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}

describe("the make-believe host", () => {
  test("reaches the tutorial's addresses and names without the machine having them", async () => {
    const { stdout, status } = await sandbox("ping -n -q -c 1 -W 1 8.8.8.8 && curl -s --head http://www.google.com");
    expect(stdout).toContain("1 received");
    expect(stdout).toContain("HTTP/1.1 200 OK\r\n");
    expect(stdout).toContain("x-client-address: 203.0.113.2\r\n");
    expect(status).toBe(0);
  });

  test("answers a client that names no host, as the tour's does without curl", async () => {
    expect((await sandbox("bash -c 'exec 3<>/dev/tcp/8.8.8.8/80; printf \"HEAD / HTTP/1.0\\r\\n\\r\\n\" >&3; cat <&3'")).stdout).toContain(" 200 OK\r\n");
  });

  test("knows names by its own name server, and no other names", async () => {
    const { stdout } = await sandbox("cat /etc/resolv.conf; getent ahostsv4 shop.example; getent ahostsv4 nowhere.test || echo none");
    expect(stdout).toContain("nameserver 8.8.8.8\n");
    expect(stdout).toContain("198.51.100.80   STREAM shop.example\n");
    expect(stdout).toEndWith("none\n");
  });

  test("forwards nothing, filters nothing, and has one uplink with the default route, like a fresh machine", async () => {
    const { stdout } = await sandbox("cat /proc/sys/net/ipv4/ip_forward; nft list ruleset; ls /sys/class/net; ip route show default; ls /run/netns");
    expect(stdout).toBe("0\nlo\nuplink0\ndefault via 203.0.113.1 dev uplink0 \ninternet\n");
  });

  test("has vpcctl in its PATH, with VPCs of its own", async () => {
    const { stdout } = await sandbox("vpcctl create-vpc company-a 10.0.0.0/16 >/dev/null && vpcctl list --json && vpcctl sandbox -- vpcctl list --json");
    const [inner, innermost] = stdout.trim().split(/\n(?=\{)/);
    expect(inner).toContain("company-a");
    expect(innermost).not.toContain("company-a");
  });

  test("lets its root change /etc without changing the machine's", async () => {
    const before = readFileSync("/etc/hostname", "utf8");
    const { status } = await sandbox("mkdir -p /etc/netns/a && echo other >/etc/hostname.new && mv /etc/hostname.new /etc/hostname && grep -qx other /etc/hostname");
    expect(status).toBe(0);
    expect(readFileSync("/etc/hostname", "utf8")).toBe(before);
  });

  // Where the kernel refuses an overlay; here it is asked for directly.
  sandboxTest(
    "has an /etc of its own without an overlay too",
    async (host) => {
      const linkEtc = `${import.meta.dir}/../../src/sandbox/link-etc.ts`;
      await host.sh([process.execPath, "-e", `(await import(${JSON.stringify(linkEtc)})).linkEtc()`]);
      expect(await host.sh("grep -c ^root: /etc/passwd; mkdir /etc/netns; echo x >/etc/new; rm /etc/hosts; ls -d /etc/netns /etc/new")).toBe("1\n/etc/netns\n/etc/new\n");
      expect((await host.run("echo x >>/etc/passwd")).exitCode).not.toBe(0);
    },
    { program: false },
  );
});

describe("the command in it", () => {
  test("gets our input and arguments, and gives its output and exit status", async () => {
    const child = Bun.spawn([vpcctl, "sandbox", "--", "sh", "-c", 'cat; echo "$1" >&2; exit 42', "sh", "it's $HOME"], { stdio: [Buffer.from("in"), "pipe", "pipe"] });
    expect(await new Response(child.stdout).text()).toBe("in");
    expect(await new Response(child.stderr).text()).toBe("it's $HOME\n");
    expect(await child.exited).toBe(42);
  });

  test("that a signal ends counts as 128 and its number", async () => {
    expect((await sandbox("kill -KILL $$")).status).toBe(137);
  });

  test("gets the signals that are sent to vpcctl, and may end in its own way", async () => {
    const waiting = 'trap "echo bye; exit 7" TERM; echo waiting; while :; do sleep 0.05; done';
    const child = Bun.spawn([vpcctl, "sandbox", "--", "sh", "-c", waiting], { stdio: ["ignore", "pipe", "ignore"] });
    const reader = child.stdout.getReader();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe("waiting\n");
    child.kill("SIGTERM");
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe("bye\n");
    expect(await child.exited).toBe(7);
  });

  test("that does not exist fails as in a shell", async () => {
    const child = Bun.spawn([vpcctl, "sandbox", "--", "no-such-program"], { stdio: ["ignore", "ignore", "pipe"] });
    expect(await new Response(child.stderr).text()).toContain("no-such-program: not found");
    expect(await child.exited).toBe(127);
  });
});

describe("when it ends", () => {
  test("nothing of it is left on the machine", async () => {
    const before = await stablePart();
    const marker = unique();
    await sandbox(`vpcctl create-vpc company-a 10.0.0.0/16; ip link add br0 type bridge; ip netns add left
      sysctl -qw net.ipv4.ip_forward=1; nft add table inet left; ${marker} </dev/null >/dev/null 2>&1 &`);
    expect(diffSnapshots(before, await stablePart())).toEqual([]);
    await eventually("the orphan is gone", () => processesWith(marker).length === 0);
  });

  test("by SIGKILL to vpcctl, every process in it is gone too, also one that became a daemon", async () => {
    const [command, daemon] = [unique(), unique()];
    const child = Bun.spawn([vpcctl, "sandbox", "--", "sh", "-c", `setsid ${daemon} & ${command}; echo`], { stdio: ["ignore", "ignore", "ignore"] });
    await eventually("both run", () => [command, daemon].every((line) => processesWith(line).some((pid) => commandLineOf(pid) === line)));
    child.kill("SIGKILL");
    await eventually("both are gone", () => processesWith(command).length + processesWith(daemon).length === 0);
  });

  test("by SIGKILL at any instant of its start, nothing goes on starting", async () => {
    const marker = unique();
    // A start takes about 15 ms; each delay is a try, none is an expectation.
    for (let milliseconds = 0; milliseconds <= 24; milliseconds++) {
      const child = Bun.spawn([vpcctl, "sandbox", "--", ...marker.split(" ")], { stdio: ["ignore", "ignore", "ignore"] });
      await Bun.sleep(milliseconds);
      child.kill("SIGKILL");
      await child.exited;
    }
    await eventually("all are gone", () => processesWith(marker).length === 0);
  });
});

test("an ordinary user gets the same sandbox, and is root in it", async () => {
  const { stdout, status } = await sandbox("id -u; ping -n -q -c 1 -W 1 8.8.8.8 && vpcctl create-vpc company-a 10.0.0.0/16 && ip netns list && exit 3", asNobody);
  expect(stdout).toMatch(/^0\n[^]*1 received[^]*vpc\.company-a/);
  expect(status).toBe(3);
});

describe("a machine that refuses it", () => {
  sandboxTest("hears why, and what to do", async (host) => {
    // A limit of this user namespace alone.
    await host.sh("echo 0 >/proc/sys/user/max_user_namespaces");
    const { exitCode, stderr } = await host.run("vpcctl sandbox -- true");
    expect(stderr).toContain("user.max_user_namespaces is 0");
    expect(stderr).toContain("sudo sysctl -w user.max_user_namespaces=65536");
    expect(exitCode).toBe(5);
  });
});

/** Words before a command that take root's rights away; whoever is an ordinary user already needs none. */
const asNobody = process.getuid?.() === 0 ? ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"] : [];

/** Of this machine, what nobody else changes all the time: daemons come and go, and keep files in /run. */
async function stablePart(): Promise<Snapshot> {
  return new Map([...(await snapshotHost(thisMachine))].filter(([name]) => name !== "processes" && !name.startsWith("files")));
}
