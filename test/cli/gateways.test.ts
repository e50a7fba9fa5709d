// Route tables, gateways and public addresses on the command line: what it says, and what it offers to complete.
import { describe, expect, test } from "bun:test";
import { commands } from "../../src/cli/commands.ts";
import { completionCandidates } from "../../src/cli/completion/candidates.ts";
import { worldAfter } from "../support/verb-line.ts";
import { createFakeMachine } from "./run-cli.ts";

const lines = [
  "create-vpc a 10.0.0.0/16",
  "add-subnet a web 10.0.1.0/24",
  "enable-internet a web",
  "create-nat-gateway a web nat1",
  "run-instance a web --name fw",
  "allocate-address shop",
  "create-vpc b 10.1.0.0/16",
  "create-peering a-b a b",
];

describe("completion", () => {
  const world = worldAfter(lines);
  const candidates = (...words: string[]) => completionCandidates(words, commands, { world: () => Promise.resolve(world), workloads: () => Promise.resolve([]) });

  test("knows what a route can lead to", async () => {
    expect(await candidates("create-route", "a", "main", "0.0.0.0/0", "")).toEqual(["internet-gateway", "nat-gateway/nat1", "peering/a-b", "instance/fw", "blackhole"]);
    expect(await candidates("create-route", "b", "main", "0.0.0.0/0", "")).toEqual(["peering/a-b", "blackhole"]);
    expect(await candidates("create-route", "a", "main", "0.0.0.0/0", "nat-gateway/")).toEqual(["nat-gateway/nat1"]);
  });

  test("knows the prefix lists that a route can lead to", async () => {
    const listed = worldAfter(["create-prefix-list offices --cidr 192.0.2.0/24"], world);
    const sources = { world: () => Promise.resolve(listed), workloads: () => Promise.resolve([]) };
    for (const verb of ["create-route", "replace-route", "delete-route"]) {
      expect(await completionCandidates([verb, "a", "main", ""], commands, sources)).toEqual(["prefix-list/offices"]);
    }
  });

  test("knows the tables and gateways of a VPC, and the VPC also where it is not the first word", async () => {
    expect(await candidates("associate-route-table", "a", "web", "")).toEqual(["main", "public"]);
    expect(await candidates("set-main-route-table", "a", "")).toEqual(["main", "public"]);
    expect(await candidates("delete-nat-gateway", "a", "")).toEqual(["nat1"]);
    expect(await candidates("associate-address", "")).toEqual(["a-nat1", "shop"]);
    expect(await candidates("associate-address", "shop", "a", "")).toEqual(["fw"]);
    expect(await candidates("associate-address", "shop", "a", "--subnet", "")).toEqual(["web"]);
  });
});

describe("the commands", () => {
  test("say what is so now, and what was so before", async () => {
    const machine = createFakeMachine();
    for (const line of lines) await machine.must(line);
    const said = async (line: string) => [(await machine.must(line)).stdout, (await machine.must(line)).stdout];
    expect(await said("create-route-table a private")).toEqual(["Created route table a/private.\n", "Nothing to do: Route table a/private exists already.\n"]);
    expect(await said("create-route a private 0.0.0.0/0 nat-gateway/nat1")).toEqual([
      "Route table a/private sends 0.0.0.0/0 to nat-gateway/nat1.\n",
      "Nothing to do: Route table a/private sends 0.0.0.0/0 to nat-gateway/nat1 already.\n",
    ]);
    expect(await said("associate-address shop a fw")).toEqual([
      "Instance a/fw has public address 198.18.0.5.\n",
      "Nothing to do: Instance a/fw has public address 198.18.0.5 already.\n",
    ]);
  });

  test("say when a NAT gateway has no way out", async () => {
    const machine = createFakeMachine();
    for (const line of ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24"]) await machine.must(line);
    const said = async (line: string) => (await machine.must(line)).stdout;
    const idle = "It does not work until its subnet has a route to an internet gateway: vpcctl enable-internet a web\n";
    expect(await said("create-nat-gateway a web nat1")).toEndWith(`and public address 198.18.0.2. ${idle}`);
    await machine.must("enable-internet a web");
    expect(await said("create-nat-gateway a web nat1")).toEndWith("and public address 198.18.0.2.\n");
    expect(await said("disable-internet a web")).toContain("has no internet access any more. NAT gateway a/nat1 stands in it and does not work any more.\n");
  });

  test("say when a public address leads nowhere yet", async () => {
    const machine = createFakeMachine();
    for (const line of ["create-vpc a 10.0.0.0/16 --ipv6", "add-subnet a web 10.0.1.0/24", "attach-internet-gateway a", "allocate-address shop"]) await machine.must(line);
    const said = async (line: string) => (await machine.must(line)).stdout;
    const idle = "That address does not work until its subnet has a route to an internet gateway: vpcctl enable-internet a web\n";
    expect(await said("run-instance a web --name one")).toContain("with 10.0.1.5.\n");
    expect(await said("run-instance a web --name two --public")).toContain(`and public address 198.18.0.3. ${idle}`);
    // No public address has to do with IPv6.
    await machine.must("create-route a main ::/0 internet-gateway");
    expect(await said("associate-address shop a one")).toBe(`Instance a/one has public address 198.18.0.2. ${idle}`);
    await machine.must("create-route a main 0.0.0.0/0 internet-gateway");
    expect(await said("associate-address shop a one")).toBe("Nothing to do: Instance a/one has public address 198.18.0.2 already.\n");
    expect(await said("associate-address shop a --subnet web")).toBe("Subnet a/web has public address 198.18.0.2.\n");
    expect(await said("run-instance a web --name two --public")).toContain("and public address 198.18.0.3.\n");
  });

  test("show routes with their state, and public addresses with their owners", async () => {
    const machine = createFakeMachine();
    for (const line of [...lines, "create-route a main 0.0.0.0/0 nat-gateway/nat1", "create-route a main 8.8.8.0/24 instance/fw"]) await machine.must(line);
    expect((await machine.must("describe a")).stdout).toContain("10.0.0.0/16 -> local, 0.0.0.0/0 -> nat-gateway/nat1, 8.8.8.0/24 -> instance/fw");
    expect((await machine.must("addresses")).stdout).toMatch(/198\.18\.0\.3 +a-nat1 +NAT gateway a\/nat1\n198\.18\.0\.5 +shop +nobody\n198\.18\.0\.2 +no +subnet a\/web/);
    await machine.must("delete-nat-gateway a nat1");
    await machine.must("stop-instance a fw");
    const described = await machine.must("describe a");
    expect(described.stdout).toContain("0.0.0.0/0 -> nat-gateway/nat1 (blackhole), 8.8.8.0/24 -> instance/fw (blackhole)");
    expect(described.stdout).toMatch(/web +10\.0\.1\.0\/24 +public +as 198\.18\.0\.2 /);
  });

  test("show which table is the main one, and who uses it for that", async () => {
    const machine = createFakeMachine();
    for (const line of [...lines, "add-subnet a db 10.0.2.0/24", "add-subnet a own 10.0.3.0/24", "create-route-table a private"]) await machine.must(line);
    const associations = async (): Promise<unknown> => {
      const { vpc } = JSON.parse((await machine.must("describe a --json")).stdout);
      const mains = vpc.routeTables.flatMap(({ name, main, subnets }: { name: string; main: boolean; subnets: string[] }) => (main ? [name, ...subnets] : []));
      return [mains, ...vpc.subnets.slice(1).map(({ routeTable, routeTableAssociation }: Record<string, string>) => `${routeTable} ${routeTableAssociation}`)];
    };
    expect(await associations()).toEqual([["main", "db", "own"], "main implicit", "main implicit"]);
    expect((await machine.must("associate-route-table a own main")).stdout).toBe("Subnet a/own uses route table main.\n");
    expect((await machine.must("describe a")).stdout).toMatch(/own +10\.0\.3\.0\/24 +main \(explicit\) /);
    expect((await machine.must("set-main-route-table a private")).stdout).toBe("Route table a/private is the VPC's main route table.\n");
    expect((await machine.must("set-main-route-table a private")).stdout).toBe("Nothing to do: Route table a/private is the VPC's main route table already.\n");
    expect(await associations()).toEqual([["private", "db"], "private implicit", "main explicit"]);
    expect((await machine.must("describe a")).stdout).toMatch(/private \(the main one\) +10\.0\.0\.0\/16 -> local/);
    expect((await machine.must("disassociate-route-table a own")).stdout).toBe("Subnet a/own uses the main route table, private.\n");
    expect((await machine.must("disable-internet a own")).stdout).toBe("Nothing to do: Subnet a/own has no internet access; it uses route table private.\n");
    await machine.must("set-main-route-table a public");
    const [still, never] = [await machine.must("disable-internet a web"), await machine.must("disable-internet a own")];
    expect(still.stdout).toBe("Subnet a/web has no public addresses any more; its route table public still leads to the internet gateway.\n");
    expect(never.stdout).toBe("Nothing to do: Subnet a/own was not made public by enable-internet; its route table public leads to the internet gateway.\n");
  });

  test("show that a NAT gateway has no way out, and that nobody has one by it", async () => {
    const machine = createFakeMachine();
    for (const line of [...lines, "add-subnet a db 10.0.2.0/24", "create-route a main 0.0.0.0/0 nat-gateway/nat1"]) await machine.must(line);
    const described = async () => (await machine.must("describe a")).stdout;
    expect(await described()).toMatch(/db +10\.0\.2\.0\/24 +main +by nat1 /);
    expect(await described()).not.toContain("no way out");
    await machine.must("delete-route a public 0.0.0.0/0");
    expect(await described()).toMatch(/db +10\.0\.2\.0\/24 +main +no: nat1 has no way out /);
    expect(await described()).toContain("(Elastic IP a-nat1); no way out: web has no route to an internet gateway\n");
    await machine.must("create-prefix-list world --cidr 8.0.0.0/8");
    await machine.must("create-route a public prefix-list/world internet-gateway");
    expect(await described()).toMatch(/db +10\.0\.2\.0\/24 +main +by nat1 /);
    expect(await described()).toContain("prefix-list/world (8.0.0.0/8) -> internet-gateway");
  });

  test("refuse with EC2's codes", async () => {
    const machine = createFakeMachine();
    for (const line of lines) await machine.must(line);
    expect(await machine.run("create-route a main 0.0.0.0/0 nat-gateway/nope")).toMatchObject({ status: 3, stderr: expect.stringContaining("[NatGatewayNotFound]") });
    expect(await machine.run("detach-internet-gateway a")).toMatchObject({ status: 4, stderr: expect.stringContaining("[DependencyViolation]") });
  });
});
