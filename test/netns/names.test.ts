// Gate 10 on a real kernel: names that must not get through, and the longest and most alike that must.
import { describe, expect, test } from "bun:test";
import { fakeHost } from "../support/fake-host.ts";
import { diffSnapshots, snapshotHost } from "../support/host-snapshot.ts";
import { sandboxTest } from "../support/sandbox-test.ts";

const hostile = [
  "", ".", "..", "-", "-a", "a-", "--", "a.b", "a_b", "A", "a b", " a", "a\tb", "a\nb", "\n", "a/b", "../../etc/passwd", "/run/netns/internet",
  "$(touch /run/pwned)", "`touch /run/pwned`", "a;touch /run/pwned", "a&&b", "a|b", "a>b", "$HOME", "${IFS}", "*", "?", "~", "!", "#", "%s", "\\", "'", '"',
  "{", "a,b", "a=b", "a:b", "a@b", "ä", "а", "é", "名前", "🙂", "a\u200bb", "a\u202eb", "\u001b[31m", "a".repeat(64), "a".repeat(5000),
];

describe("a name that is none", () => {
  test("is refused as a VPC's and as a subnet's before anything is touched", async () => {
    await using host = await fakeHost();
    const before = await snapshotHost(host);
    const wrong: unknown[] = [];
    const cidr = "10.0.1.0/24";
    for (const name of hostile) {
      for (const words of [["create-vpc", name, "10.0.0.0/16"], ["add-subnet", "a", name, cidr], ["add-subnet", name, "a", cidr], ["delete-vpc", name, "--force"]]) {
        const { exitCode, stdout, stderr } = await host.run(["vpcctl", ...words]);
        // Whatever the name holds, a terminal must not obey it.
        const isTame = !/[\u0000-\u0009\u000b-\u001f\u200b\u202e]/.test(stderr);
        if (exitCode !== 2 || stdout !== "" || !stderr.includes("To fix:") || !isTame) wrong.push({ words, exitCode, stdout, stderr });
      }
    }
    expect(wrong).toEqual([]);
    expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
    expect(await host.sh("ls -d /run/pwned /run/vpcctl-state/world.json* /run/vpcctl-state/journal.json* 2>/dev/null || true")).toBe("");
  });

  test("is refused in a batch, with its line", async () => {
    await using host = await fakeHost({ internet: false });
    const stdin = "create-vpc a 10.0.0.0/16\nadd-subnet a '$(touch /run/pwned)' 10.0.1.0/24\n";
    const { exitCode, stderr } = await host.run("vpcctl batch -", { stdin });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("standard input:2:");
    expect(await host.sh("ls /run/netns /run/pwned 2>/dev/null || true")).not.toContain("vpc.a");
  });
});

const longest = "l".repeat(63);

sandboxTest("a VPC and subnets with names of 63 characters work like any other, and go again", async (host) => {
  const before = await snapshotHost(host);
  const [one, two] = [`${"s".repeat(62)}1`, `${"s".repeat(62)}2`];
  const lines = [`create-vpc ${longest} 10.0.0.0/16`, `add-subnet ${longest} ${one} 10.0.1.0/24`, `add-subnet ${longest} ${two} 10.0.2.0/24`, `enable-internet ${longest} ${one}`];
  for (const line of lines) await host.sh(`vpcctl ${line}`);
  expect(await host.ping(`vpc.${longest}.${one}`, "10.0.2.4")).toBe(true);
  expect(await host.ping(`vpc.${longest}.${two}`, "10.0.1.4")).toBe(true);
  await host.sh(`vpcctl test-connectivity ${longest}`);
  await host.sh(`vpcctl delete-subnet ${longest} ${one}`);
  expect(await host.sh("ls /run/netns")).toContain(`vpc.${longest}.${two}`);
  await host.sh("vpcctl cleanup");
  expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
});

sandboxTest("VPCs and subnets whose names run together in other tools live side by side", async (host) => {
  const pairs = [["prod-a", "public"], ["prod-b", "public"], ["a-b", "c"], ["a", "b-c"]] as const;
  for (const [vpc, subnet] of pairs) {
    const lines = [`create-vpc ${vpc} 10.0.0.0/16`, `add-subnet ${vpc} ${subnet} 10.0.1.0/24`, `add-subnet ${vpc} other 10.0.2.0/24`, `enable-internet ${vpc} ${subnet}`];
    await host.sh("vpcctl batch -", { stdin: lines.join("\n") });
  }
  for (const [vpc] of pairs) await host.sh(`vpcctl test-connectivity ${vpc}`);
  // One goes, and takes nothing along that belongs to its neighbour.
  await host.sh("vpcctl delete-vpc a-b --force && vpcctl delete-vpc prod-a --force");
  for (const vpc of ["prod-b", "a"]) await host.sh(`vpcctl test-connectivity ${vpc}`);
});
