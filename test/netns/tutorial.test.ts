// The tutorial, line by line, as a newcomer types it: in the sandbox, and as root in a fresh network namespace that stands for the host.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { executable } from "../support/executable.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { buildTutorialVpc, privateDb, publicWeb, router } from "./tutorial-vpc.ts";

const root = join(import.meta.dir, "../..");

// Before the first test: the launcher in the checkout builds what is stale, and no test should wait for that.
const program = await executable();

/** The lines as they stand in the tutorial, with what each says and the status it ends with. */
const tutorial: readonly { readonly line: string; readonly says: readonly string[] }[] = [
  { line: "create-vpc company-a 10.0.0.0/16", says: ["Created VPC company-a with 10.0.0.0/16."] },
  { line: "add-subnet company-a public-web 10.0.1.0/24", says: ["Added subnet company-a/public-web with 10.0.1.0/24."] },
  { line: "add-subnet company-a private-db 10.0.2.0/24", says: ["Added subnet company-a/private-db with 10.0.2.0/24."] },
  { line: "enable-internet company-a public-web", says: ["Subnet company-a/public-web has internet access."] },
  {
    line: "test-connectivity company-a",
    says: [
      "public-web -> private-db (10.0.2.4)  SUCCESS",
      "private-db -> public-web (10.0.1.4)  SUCCESS",
      "public-web  Has internet access",
      "private-db  No internet access",
    ],
  },
  { line: 'run-workload company-a public-web "curl -s --head http://www.google.com"', says: ["HTTP/1.1 200 OK"] },
  { line: "cleanup", says: ["Deleted VPC company-a (10.0.0.0/16)."] },
];

const script = ["set -e", ...tutorial.map(({ line }) => `printf '%s\\n' '\u0001'; ./vpcctl.sh ${line}`)].join("\n");

/** What each line printed must hold what it says. */
function expectTutorial(output: string): void {
  const printed = output.split("\u0001\n").slice(1);
  expect(printed).toHaveLength(tutorial.length);
  tutorial.forEach(({ says }, i) => says.forEach((text) => expect(printed[i]).toContain(text)));
}

describe("the seven lines of the tutorial work as they stand", () => {
  test("in the sandbox", () => {
    const { stdout, stderr, exitCode } = Bun.spawnSync(["./vpcctl.sh", "sandbox", "--", "bash", "-c", script], { cwd: root, stderr: "pipe" });
    expect(exitCode, stderr.toString()).toBe(0);
    expectTutorial(stdout.toString());
  });

  test("as root in a fresh network namespace that stands for the host", () => {
    // No user namespace where the test is root already, and the state where it is on a real host: in /var/lib, here an empty one.
    const asRoot = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
    const isolation = ["--net", "--mount", "--propagation", "private", "--fork", "--pid", "--kill-child", "--mount-proc"];
    const init = [process.execPath, join(root, "test/support/sandbox-init.ts"), JSON.stringify({ internet: true, self: [program] })];
    const setUp = `mount -t tmpfs tmpfs /var/lib && ready=$("$@" &) && [ "$ready" = ready ] || exit 99`;
    const { VPCCTL_STATE_DIR: _, VPCCTL_RUNTIME_DIR: __, ...environment } = process.env;
    const words = ["unshare", ...asRoot, ...isolation, "bash", "-c", `${setUp}\n${script}\nls /var/lib/vpcctl`, "bash", ...init];
    const { stdout, stderr, exitCode } = Bun.spawnSync(words, { cwd: root, env: environment, stderr: "pipe" });
    expect(exitCode, stderr.toString()).toBe(0);
    expectTutorial(stdout.toString());
    expect(stdout.toString()).toEndWith("lock\nlog.jsonl\n");
  });
});

sandboxTest("the kernel's objects are as the tutorial describes them, seen with ordinary tools", async (host) => {
  await buildTutorialVpc(host);
  const names = (await host.sh("ip netns list")).split("\n").map((line) => line.split(" ")[0]);
  expect(new Set(names)).toEqual(new Set(["", "internet", router, privateDb, publicWeb]));

  const inRouter = await host.sh(`ip -n ${router} -br link`);
  expect(inRouter).toMatch(/^br-company-a +UP/m);
  expect(await host.sh(`ip -n ${router} -br link show master br-company-a`)).toMatch(/^v-public-web@if2 +UP[^\n]*\nv-private-db@if2 +UP[^\n]*\n$/);
  expect(await host.sh(`ip -n ${router} -br address show br-company-a`)).toMatch(/10\.0\.1\.1\/24 10\.0\.2\.1\/24/);
  for (const [namespace, address] of [[publicWeb, "10.0.1.4/24"], [privateDb, "10.0.2.4/24"]]) {
    expect(await host.sh(`ip -n ${namespace} -d link show eth0`)).toContain("veth");
    expect(await host.sh(`ip -n ${namespace} -br address show eth0`)).toContain(String(address));
  }

  expect(await host.sh("ip -d link show igw-company-a")).toContain(`link-netns ${router}`);
  expect(inRouter).toMatch(/^igw@if\d+ +UP/m);
  expect(await host.sh("nft list chain inet vpcctl postrouting")).toContain("masquerade");
  expect(await host.sh(`ip netns exec ${router} nft list chain inet vpcctl postrouting`)).toContain("snat ip to ip saddr map @public-out");
});

describe("without internet there is silence", () => {
  sandboxTest("a web client in a private subnet waits until its own time is over, and hears nothing", async (host) => {
    await buildTutorialVpc(host);
    const ask = (url: string) => host.run(`vpcctl run-workload company-a private-db "curl -m 1 -sS --head ${url}"`);
    const byName = await ask("http://www.google.com");
    expect(byName.exitCode).toBe(28);
    expect(byName.stdout).toBe("");
    const byAddress = await ask("http://198.51.100.80");
    expect([byAddress.exitCode, byAddress.stdout]).toEqual([28, ""]);
    expect(byName.stderr + byAddress.stderr).not.toMatch(/unreachable|refused|could not resolve/i);
  });

  sandboxTest("ping gets no answer at all, neither from far away nor from an address of the VPC that no subnet has", async (host) => {
    await buildTutorialVpc(host);
    for (const address of ["8.8.8.8", "10.0.9.9", "10.0.1.77"]) {
      const { exitCode, stdout } = await host.run(`ip netns exec ${privateDb} ping -n -c 1 -W 1 ${address}`);
      expect([exitCode, stdout.includes("1 packets transmitted, 0 received, 100% packet loss")]).toEqual([1, true]);
    }
      // With a route of its own kind "unreachable" the client is told at once. So the test can fail.
    await host.sh(`ip -n ${router} route replace unreachable default table 1001`);
    expect((await host.run(`ip netns exec ${privateDb} ping -n -c 1 -W 1 8.8.8.8`)).stdout).toMatch(/unreachable/i);
  });
});
