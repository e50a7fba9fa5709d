// test-connectivity on a host: real packets to instances and ports, held against what analyze says.
import { expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { router, tutorialCommands, vpcctl } from "./tutorial-vpc.ts";

interface Result {
  readonly from: string;
  readonly to: string;
  readonly reached: boolean;
  readonly expected: boolean;
}

interface Report {
  readonly asExpected: boolean;
  readonly pairs: readonly Result[];
  readonly internet: readonly Result[];
}

async function report(host: FakeHost, options: string): Promise<Report & { readonly exitCode: number }> {
  const { exitCode, stdout } = await host.run(`vpcctl test-connectivity company-a --timeout 0.3 --json ${options}`);
  return { ...(JSON.parse(stdout) as Report), exitCode };
}

const online = ({ internet }: Report): string[] => internet.filter((pair) => pair.reached).map(({ from }) => from).toSorted();
const reached = ({ pairs }: Report): string[] => pairs.filter((pair) => pair.reached).map(({ from, to }) => `${from} -> ${to}`).toSorted();

sandboxTest("test-connectivity asks instances and ports, and finds them as the groups have it", async (host) => {
  await vpcctl(
    host,
    ...tutorialCommands,
    "create-security-group company-a web",
    "authorize-ingress company-a web --protocol tcp --port 80 --cidr 10.0.2.0/24",
    "run-instance company-a public-web --name web1 --security-group web",
  );
  const [echo, web, other, udp] = [await report(host, ""), await report(host, "--port 80"), await report(host, "--port 81"), await report(host, "--protocol udp --port 80")];
  // web1 is not in the group `default`, whose members let in each other only.
  const known = ["private-db -> public-web", "public-web -> private-db"];
  expect([reached(echo), reached(other), reached(udp)]).toEqual([known, known, known]);
  expect(reached(web)).toEqual([...known, "private-db -> public-web/web1"].toSorted());
  expect([echo, web, other, udp].map(({ asExpected, exitCode }) => [asExpected, exitCode])).toEqual(Array.from({ length: 4 }, () => [true, 0]));
});

sandboxTest("test-connectivity notices a port that is open against the model, and one that is shut", async (host) => {
  await vpcctl(host, ...tutorialCommands);
  const nft = (command: string): Promise<string> => host.sh(["ip", "netns", "exec", router, "nft", command]);
  expect((await report(host, "--port 80")).asExpected).toBe(true);
  await nft("add chain inet vpcctl shut { type filter hook forward priority -5; }");
  await nft("add rule inet vpcctl shut ip saddr 10.0.1.4 ip daddr 10.0.2.4 tcp dport 80 drop");
  const shut = await report(host, "--port 80");
  expect([shut.exitCode, shut.pairs.filter((pair) => pair.reached !== pair.expected).map(({ from }) => from)]).toEqual([1, ["public-web"]]);
  expect((await report(host, "--port 81")).asExpected).toBe(true);
});

sandboxTest("test-connectivity goes by IPv6 when the address outside is one, and notices where the model and packets part", async (host) => {
  await vpcctl(
    host,
    ...tutorialCommands,
    "associate-ipv6-cidr company-a fd00:1234:5678::/56",
    "enable-internet company-a public-web",
    "create-security-group company-a four",
    "authorize-ingress company-a four --protocol all --cidr 0.0.0.0/0",
    "run-instance company-a public-web --name web1 --security-group four",
  );
  const byIpv6 = "--internet-target 2001:4860:4860::8888";
  const known = ["private-db -> public-web", "public-web -> private-db"];
  const all = [await report(host, byIpv6), await report(host, `--port 80 ${byIpv6}`), await report(host, `--protocol udp --port 5000 ${byIpv6}`)];
  // web1 lets in everybody by IPv4, and nobody by IPv6.
  for (const one of all) expect([one.exitCode, one.asExpected, reached(one), online(one)]).toEqual([0, true, known, ["public-web", "public-web/web1"]]);
  expect(reached(await report(host, ""))).toContain("private-db -> public-web/web1");
  await host.sh(["ip", "netns", "exec", router, "nft", "flush map inet vpcctl ingress6"]);
  expect((await report(host, byIpv6)).asExpected).toBe(false);
  expect((await report(host, "")).asExpected).toBe(true);
});
