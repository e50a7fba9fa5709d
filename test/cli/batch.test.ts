import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { joinScopes } from "../../src/cli/commands/batch.ts";
import { createFakeMachine } from "./run-cli.ts";
import { scratchDirectory } from "./scratch.ts";

function fileWith(...lines: readonly string[]): string {
  const file = join(scratchDirectory(), "network.txt");
  writeFileSync(file, lines.join("\n"));
  return file;
}

test("builds everything a file names; a line may use what those before it made", async () => {
  const machine = createFakeMachine();
  const file = fileWith("# a network", "", "create-vpc a 10.0.0.0/16", "  add-subnet 'a' web 10.0.1.0/24 # the web", "enable-internet a web");
  const { stdout } = await machine.must(["batch", file]);
  expect(stdout).toContain("Created subnet a/web (10.0.1.0/24");
  expect([...machine.driver.held.keys()]).toEqual(["vpc a", "subnet a/web"]);
  expect((await machine.must(["batch", file])).stdout).toContain("Nothing to do: Everything is as 3 lines of");
});

test("names every wrong line, in order, and changes nothing", async () => {
  const machine = createFakeMachine();
  const file = fileWith(
    "create-vpc a 10.0.0.0/16",
    "add-subnet a web 10.0.1.0/33",
    "add-subnte a x 10.0.9.0/24",
    "add-subnet a web 10.0.1.0/24",
    "add-subnet a y 10.0.1.0/25",
    'add-subnet a "z 10.0.2.0/24',
    "add-subnet nope z 10.0.2.0/24 --fast",
    "delete-subnet nope z",
    "list",
  );
  const { status, stderr, stdout } = await machine.run(["batch", file, "--json"]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  const { details } = JSON.parse(stderr).error;
  expect(details.map((detail: string) => Number(detail.slice(file.length + 1).split(":")[0]))).toEqual([2, 3, 5, 6, 7, 8, 9]);
  expect(details.every((detail: string) => detail.startsWith(`${file}:`))).toBe(true);
  expect(machine.driver.held.size).toBe(0);
});

test("each problem of a line is told with what to do about it, and what is in use by what it is", async () => {
  const machine = createFakeMachine();
  await machine.must(["batch", fileWith("create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24")]);
  const file = fileWith("delete-vpc a", "set-public-pool 10.0.0.0/33", "create-network-acl-entry a default --rule-number 1 --ingress --cidr ::/0");
  const { details } = JSON.parse((await machine.run(["batch", file, "--json"])).stderr).error;
  expect(details).toEqual([
    `${file}:1: VPC a is not empty: 1 subnet. To take it away with all that is in it: vpcctl delete-vpc a --force`,
    expect.stringContaining(`${file}:2: "10.0.0.0/33" is not a CIDR block`),
    `${file}:3: It does not say whether to allow or to deny. Add --action allow or --action deny.`,
    `${file}:3: It does not say which protocol. Add --protocol tcp|udp|icmp|icmpv6|all`,
  ]);
});

test("where there are several things to do, each has a line", async () => {
  const { stderr } = await createFakeMachine().run("create-network-acl-entry a default --rule-number 1 --ingress --cidr ::/0");
  expect(stderr).toEndWith("\nTo fix: Add --action allow or --action deny.\n        Add --protocol tcp|udp|icmp|icmpv6|all\n");
});

test("an error that stands alone keeps its own exit status", async () => {
  const { status, stderr } = await createFakeMachine().run(["batch", fileWith("add-subnet nope web 10.0.1.0/24")]);
  expect(status).toBe(3);
  expect(stderr).toContain(':1: There is no VPC "nope".');
});

test("a file that cannot be read is a mistake of the user, not a bug", async () => {
  const { status, stderr } = await createFakeMachine().run("batch /nonexistent/network.txt");
  expect(status).toBe(2);
  expect(stderr).toContain("/nonexistent/network.txt");
});

test("many changes are counted, not listed", async () => {
  const lines = Array.from({ length: 200 }, (_, at) => `add-subnet a s${at} 10.0.${at}.0/24`);
  const { stdout } = await createFakeMachine().must(["batch", fileWith("create-vpc a 10.0.0.0/16", ...lines)]);
  expect(stdout).toBe("Created 1 VPC.\nCreated 200 subnets.\n");
});

test("on a terminal there is a bar, and it is gone at the end", async () => {
  const lines = Array.from({ length: 200 }, (_, at) => `add-subnet a s${at} 10.0.${at}.0/24`);
  const { stderr } = await createFakeMachine().run(["batch", fileWith("create-vpc a 10.0.0.0/16", ...lines)], true);
  expect(stderr).toContain("[##############################] 100 % 201 of 201 steps");
  expect(stderr).toEndWith("\r\u001b[K");
});

test("the scope of a batch names each VPC once", () => {
  const parts = [{ vpc: "a", subnets: [] }, { vpc: "a", subnets: ["x"] }, { vpc: "a", subnets: ["x", "y"] }, { vpc: "b" }, { vpc: "b", subnets: ["z"] }];
  expect(joinScopes(parts.map((part) => [part]))).toEqual([{ vpc: "a", subnets: ["x", "y"] }, { vpc: "b" }]);
  expect(joinScopes([[{ vpc: "a" }], "all"])).toBe("all");
});

test("a file that cannot be read is told with the reason, in words", async () => {
  const { status, stderr } = await createFakeMachine().run("batch /nowhere/network.txt");
  expect([status, stderr.split("\n")[0]]).toEqual([2, 'Error: Cannot read "/nowhere/network.txt": no such file or directory. [InvalidParameterValue]']);
});
