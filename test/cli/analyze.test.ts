import { expect, test } from "bun:test";
import { tutorialMachine } from "./run-cli.ts";

test("analyze shows the way hop by hop, and back", async () => {
  const { stdout } = await (await tutorialMachine()).must("analyze company-a/public-web company-a/private-db --port 80");
  expect(stdout).toStartWith("From company-a/public-web to company-a/private-db (10.0.2.4)\n  yes  company-a/public-web  egress groups   default: all to 0.0.0.0/0\n");
  expect(stdout).toContain("\nAnd the answer back\n  yes  company-a/private-db  route ");
  expect(stdout).toEndWith("Reachable: company-a/public-web reaches company-a/private-db (10.0.2.4).\n");
});

test("analyze exits 1 on a no, and numbers what would have to change", async () => {
  const { status, stdout } = await (await tutorialMachine()).run("analyze company-a/private-db internet");
  expect(status).toBe(1);
  expect(stdout).toMatch(/\n {2}NO {3}company-a\/private-db +route +route table main: no route to 8\.8\.8\.8\n/);
  expect(stdout).toContain("Not reachable: company-a/private-db does not reach internet (8.8.8.8). What would have to change:\n  1. Route table main of company-a has no route");
  expect(stdout).toContain("\n  2. company-a/private-db has no public address");
});

test("analyze takes protocols, ports and ICMP types, and refuses what they cannot be", async () => {
  const machine = await tutorialMachine();
  const line = "analyze company-a/public-web company-a/private-db";
  const answer = async (options: string) => JSON.parse((await machine.run(`${line} --json ${options}`.trim())).stdout || "{}");
  expect(await answer("")).toMatchObject({ protocol: "icmp", reachable: true });
  expect(await answer("--port 80")).toMatchObject({ protocol: "tcp", port: 80 });
  expect(await answer("--protocol udp --port 53 --source-port 5353")).toMatchObject({ protocol: "udp", port: 53, sourcePort: 5353 });
  expect(await answer("--icmp-type 13")).toMatchObject({ icmpType: 13 });
  const unfit = ["--port 0", "--port 65536", "--protocol sctp", "--icmp-type 256", "--protocol tcp", "--ipv6"];
  for (const options of [...unfit, "--protocol icmp --port 80", "--source-port 80", "--port 80 --icmp-type 8"]) {
    expect([options, (await machine.run(`${line} ${options}`)).status]).toEqual([options, 2]);
  }
});

test("analyze says what it does not find", async () => {
  const machine = await tutorialMachine();
  const status = async (from: string, to: string) => (await machine.run(`analyze ${from} ${to}`)).status;
  expect(await status("company-b/web", "internet")).toBe(3);
  expect(await status("company-a/nope", "internet")).toBe(3);
  expect(await status("company-a", "internet")).toBe(2);
  expect((await machine.run("analyze company-a/public-web 10.0.9.9")).stdout).toContain("1. Nobody has the address 10.0.9.9.");
});

test("analyze takes an address by the kind it is of, and refuses what no packet could ask", async () => {
  const machine = await tutorialMachine();
  await machine.must("associate-ipv6-cidr company-a");
  const asked = async (words: string) => JSON.parse((await machine.run(`analyze ${words} --json`)).stdout);
  expect(await asked("company-a/public-web 2001:db8::1")).toMatchObject({ protocol: "icmpv6", address: "2001:db8::1" });
  expect(await asked("company-a/public-web 8.8.4.4")).toMatchObject({ protocol: "icmp", reachable: true });
  for (const words of ["host internet", "internet 8.8.8.8", "company-a/public-web 127.0.0.1", "company-a/public-web 2001:db8::1 --protocol icmp"]) {
    expect([words, (await machine.run(`analyze ${words}`)).status]).toEqual([words, 2]);
  }
});
