import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tutorialMachine, type FakeMachine } from "./run-cli.ts";
import { scratchDirectory } from "./scratch.ts";

function fileWith(text: string): string {
  const file = join(scratchDirectory(), "file");
  writeFileSync(file, text);
  return file;
}

const policy = (...ports: readonly number[]): string =>
  JSON.stringify({ subnet: "10.0.1.0/24", ingress: ports.map((port) => ({ port, protocol: "tcp", action: "allow" })) });

async function machineWith(...lines: readonly string[]): Promise<FakeMachine> {
  const machine = await tutorialMachine();
  for (const line of lines) await machine.must(line);
  return machine;
}

test("apply-policy reads its file; the same file again is no change, another one is", async () => {
  const machine = await machineWith();
  const file = fileWith(policy(80));
  expect((await machine.must(["apply-policy", "company-a", file])).stdout).toBe("The policy of subnet company-a/public-web is in force.\n");
  expect((await machine.must(["apply-policy", "company-a", file])).stdout).toContain("already");
  writeFileSync(file, policy(80, 443));
  expect((await machine.must(["apply-policy", "company-a", file])).stdout).not.toContain("already");
  expect((await machine.must("describe company-a")).stdout).toContain("allow tcp 443 from anybody");
  await machine.must("remove-policy company-a public-web");
  expect((await machine.must("describe company-a")).stdout).not.toContain("policies");
});

test("a policy that cannot be read is told, in a batch with its line", async () => {
  const machine = await machineWith();
  const missing = await machine.run("apply-policy company-a /nowhere/policy.json");
  expect(missing.status).toBe(2);
  expect(missing.stderr).toContain("/nowhere/policy.json");
  const batch = fileWith(["add-subnet company-a more 10.0.3.0/24", "apply-policy company-a /nowhere/policy.json", `apply-policy company-a ${fileWith("{")}`].join("\n"));
  const { status, stderr } = await machine.run(["batch", batch]);
  expect(status).toBe(2);
  expect(stderr).toContain(`${batch}:2: Cannot read "/nowhere/policy.json"`);
  expect(stderr).toContain(`${batch}:3: The policy is not JSON`);
  expect((await machine.must("describe company-a")).stdout).not.toContain("10.0.3.0/24");
});

test("describe shows groups with their rules and members once there is anything to show", async () => {
  const machine = await machineWith();
  expect((await machine.must("describe company-a")).stdout).not.toContain("security groups");
  await machine.must("create-security-group company-a db --description database");
  await machine.must("authorize-ingress company-a db --protocol tcp --port 5432 --group default --cidr 10.0.9.0/24");
  await machine.must("revoke-egress company-a db --protocol all --cidr 0.0.0.0/0 --cidr ::/0");
  await machine.must("set-security-groups company-a private-db --security-group db");
  const { stdout } = await machine.must("describe company-a");
  const lines = stdout.split("\n").map((line) => line.replace(/[│├└─]/g, " ").replace(/ +/g, " ").trim());
  const told = ["default of public-web", "db of private-db", "ingress tcp 5432 from group default", "ingress tcp 5432 from 10.0.9.0/24", "egress nothing"];
  for (const line of told) expect(lines).toContain(line);
  const { vpc } = JSON.parse((await machine.must("describe company-a --json")).stdout);
  expect(vpc.securityGroups.map(({ name, members }: { name: string; members: string[] }) => [name, members])).toEqual([["default", ["public-web"]], ["db", ["private-db"]]]);
});

test("describe marks a rule for a group that cannot be reached any more, and the rule lives again with its peering", async () => {
  const machine = await machineWith();
  const lines = ["create-vpc b 10.9.0.0/16", "create-security-group b app", "peer company-a b", "authorize-ingress company-a default --protocol tcp --port 80 --group b/app"];
  for (const line of lines) await machine.must(line);
  const rule = async (): Promise<string | undefined> => /tcp 80 from group b\/app.*/.exec((await machine.must("describe company-a")).stdout)?.[0].trim();
  expect(await rule()).toBe("tcp 80 from group b/app");
  await machine.must("unpeer company-a b");
  expect(await rule()).toBe("tcp 80 from group b/app (stale)");
  const { vpc } = JSON.parse((await machine.must("describe company-a --json")).stdout);
  expect(vpc.securityGroups[0].ingress.map(({ stale }: { stale?: boolean }) => stale)).toEqual([undefined, true]);
  await machine.must("peer company-a b");
  expect(await rule()).toBe("tcp 80 from group b/app");
  await machine.must("delete-vpc b --force");
  expect(await rule()).toBe("tcp 80 from group b/app (stale)");
});

test("prefix-lists shows each list and who names it", async () => {
  const machine = await machineWith();
  expect((await machine.must("prefix-lists")).stdout).toContain("There are no prefix lists.");
  await machine.must("create-prefix-list offices --cidr 192.0.2.0/24 --cidr 2001:db8::/32");
  expect((await machine.must("prefix-lists")).stdout).toMatch(/offices +192\.0\.2\.0\/24, 2001:db8::\/32 +nobody/);
  await machine.must("authorize-ingress company-a default --protocol tcp --prefix-list offices");
  expect(JSON.parse((await machine.must("prefix-lists --json")).stdout).prefixLists[0].usedBy).toEqual(["company-a"]);
});
