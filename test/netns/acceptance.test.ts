// What a VPC is asked to be, row by row: what a user would check, with real packets, as it is built and changed. Each row has its negative
// control: the rule that makes it so is taken away by hand, and then the same look must see something else.
import { describe, expect } from "bun:test";
import type { FakeHost } from "../support/fake-host.ts";
import { diffSnapshots, snapshotHost } from "../support/host-snapshot.ts";
import { countOnUplink } from "../support/packet-counter.ts";
import { plantForeign } from "../support/plant-foreign.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { startTraffic, type Traffic } from "../support/traffic.ts";
import { watchPackets } from "./packet-watch.ts";
import { reached, type Places } from "./peered-vpcs.ts";

interface Row {
  readonly row: string;
  /** Shell, line by line, and what is to be seen after it. */
  readonly stages: readonly (readonly [lines: readonly string[], seen: unknown])[];
  readonly look: (host: FakeHost, traffic: Traffic) => Promise<unknown>;
  /** Shell that takes away what makes the last stage so. */
  readonly takeAway: string;
}

const vpc = (name: string, cidr: string, ...more: readonly string[]): string[] => {
  const start = cidr.replace(/\.0\.0\/16$/, "");
  return [`create-vpc ${name} ${cidr}`, `add-subnet ${name} web ${start}.1.0/24`, `add-subnet ${name} db ${start}.2.0/24`, ...more].map((line) => `vpcctl ${line}`);
};
const openToAll = (name: string): string => `authorize-ingress ${name} default --protocol all --cidr 0.0.0.0/0`;
const inRouter = (command: string): string => `ip netns exec vpc.a nft '${command}'`;
const pings = (host: FakeHost, ...pairs: readonly (readonly [string, string])[]): Promise<boolean[]> => Promise.all(pairs.map(([from, to]) => host.ping(from, to)));
const outside = "8.8.8.8";

/** What reaches `db` of VPC a, whatever becomes of it, when the host and somebody behind its uplink try all they can. */
async function intruders(host: FakeHost, traffic: Traffic): Promise<number> {
  const watch = await watchPackets(host, "vpc.a.db", { family: "inet", hook: "prerouting priority -400" }, "ip daddr 10.0.2.4");
  const targets = ["10.0.2.4", "198.18.0.2", "198.18.0.3"];
  await traffic.probe(["", "internet"].flatMap((from) => targets.map((to) => ({ from, to, protocol: "tcp", port: 80 }) as const)));
  return watch.count();
}

const across: Places = { "a.web": "10.0.1.4", "a.db": "10.0.2.4", "c.web": "10.2.1.4", "c.db": "10.2.2.4" };
const inside = (name: string): string[] => [`${name}.db > ${name}.web`, `${name}.web > ${name}.db`];
const threeVpcs: Places = { "a.web": "10.0.1.4", "a.db": "10.0.2.4", "b.web": "10.1.1.4", "b.db": "10.1.2.4", "c.web": "10.2.1.4" };
const apart = [...inside("a"), ...inside("b")];
const bAndC = ["b.web > c.web", "c.web > b.web", "b.db > c.web", "c.web > b.db"];
const limited = ["a.web > b.web", "b.web > a.web", "a.db > b.web", "b.web > a.db"];
const sorted = async (traffic: Traffic, places: Places): Promise<string[]> => (await reached(traffic, places)).toSorted();

const policy = (...rules: readonly (readonly [number, string])[]): string => {
  const ingress = rules.map(([port, action]) => ({ port, protocol: "tcp", action }));
  return `echo '${JSON.stringify({ subnet: "10.0.1.0/24", ingress })}' | vpcctl apply-policy a -`;
};

const rows: readonly Row[] = [
  {
    row: "a VPC that is created is a namespace with a bridge, and connected inside",
    stages: [[vpc("a", "10.0.0.0/16"), ["vpc.a vpc.a.db vpc.a.web", true, [true, true]]]],
    look: async (host) => [
      (await host.sh("ls /run/netns")).split("\n").filter((name) => name.startsWith("vpc.")).join(" "),
      (await host.run("ip -n vpc.a link show br-a type bridge | grep -q UP")).exitCode === 0,
      await pings(host, ["vpc.a.web", "10.0.2.4"], ["vpc.a.db", "10.0.1.4"]),
    ],
    takeAway: "ip -n vpc.a link delete br-a",
  },
  {
    row: "subnets have their CIDRs, and reach each other inside the VPC",
    stages: [[vpc("a", "10.0.0.0/16"), ["10.0.1.4/24", "10.0.2.4/24", "10.0.1.1/24 10.0.2.1/24", inside("a")]]],
    look: async (host, traffic) => {
      const addresses = async (where: string) => (await host.sh(`ip -n ${where} -o -4 address | sed -n 's/.*inet \\(10[^ ]*\\).*/\\1/p' | xargs`)).trim();
      const { "a.web": web = "", "a.db": db = "" } = across;
      return [await addresses("vpc.a.web"), await addresses("vpc.a.db"), await addresses("vpc.a"), await sorted(traffic, { "a.web": web, "a.db": db })];
    },
    takeAway: inRouter("delete element inet vpcctl ingress { 10.0.2.4 }"),
  },
  {
    row: "a server in a public subnet is reached from the host at its public address",
    stages: [[vpc("a", "10.0.0.0/16", "enable-internet a web", "authorize-ingress a default --protocol tcp --port 80 --cidr 0.0.0.0/0"), true]],
    look: (_, traffic) => traffic.reaches({ from: "", to: "198.18.0.2", protocol: "tcp", port: 80 }),
    takeAway: inRouter("flush map inet vpcctl public-in"),
  },
  {
    row: "a server in a private subnet is not reached from outside, whatever routes the host and its neighbours have",
    stages: [
      [
        [
          ...vpc("a", "10.0.0.0/16", "enable-internet a web", openToAll("a")),
          "ip route add 10.0.2.0/24 via 169.254.64.3 dev igw-a onlink src 198.18.0.1",
          "for block in 10.0.0.0/16 198.18.0.0/15; do ip -n internet route add $block via 203.0.113.2; done",
        ],
        0,
      ],
    ],
    look: intruders,
    takeAway: inRouter('insert rule inet vpcctl forward iifname "igw" accept'),
  },
  {
    row: "VPCs are apart from each other, with other addresses and with the same",
    stages: [
      [
        [...vpc("a", "10.0.0.0/16", "enable-internet a web"), ...vpc("b", "10.0.0.0/16", "enable-internet b web"), ...vpc("c", "10.2.0.0/16", openToAll("c"))],
        [[...inside("a"), ...inside("c")], ["silent", "silent"]],
      ],
    ],
    look: async (_, traffic) => {
      const publicly = ["a", "b"].map((name) => ({ from: `vpc.${name}.web`, to: name === "a" ? "198.18.0.3" : "198.18.0.2", protocol: "tcp", port: 80 }) as const);
      return [await sorted(traffic, across), await traffic.probe(publicly)];
    },
    takeAway: "vpcctl peer a c",
  },
  {
    row: "over a peering exactly the configured CIDRs communicate; nobody gets further, and nobody at all when it is gone",
    stages: [
      [
        [
          ...vpc("a", "10.0.0.0/16", openToAll("a")),
          ...vpc("b", "10.1.0.0/16", openToAll("b")),
          ...vpc("c", "10.2.0.0/16", openToAll("c")),
          "vpcctl peer a b --accepter-cidr 10.1.1.0/24",
          "vpcctl peer b c",
        ],
        [...apart, ...bAndC, ...limited].toSorted(),
      ],
      [["vpcctl unpeer a b"], [...apart, ...bAndC].toSorted()],
      [["vpcctl peer a b --accepter-cidr 10.1.1.0/24"], [...apart, ...bAndC, ...limited].toSorted()],
    ],
    look: (_, traffic) => sorted(traffic, threeVpcs),
    takeAway: inRouter("flush set inet vpcctl to-peers"),
  },
  {
    row: "public subnets go out and private ones do not, but by a route to a NAT gateway; nothing untranslated leaves the host",
    stages: [
      [vpc("a", "10.0.0.0/16", "enable-internet a web", "create-nat-gateway a web nat1"), [[true, false], 0]],
      [["vpcctl create-route a main 0.0.0.0/0 nat-gateway/nat1"], [[true, true], 0]],
    ],
    look: async (host) => {
      await using leaks = await countOnUplink(host, "ip saddr { 10.0.0.0/8, 198.18.0.0/15 }");
      return [await pings(host, ["vpc.a.web", outside], ["vpc.a.db", outside]), await leaks.packets()];
    },
    takeAway: inRouter("flush map inet vpcctl nat-gateways"),
  },
  {
    row: "a policy allows and blocks what it says, also when it is applied again and when it has changed",
    stages: [
      [[...vpc("a", "10.0.0.0/16"), policy([80, "allow"], [22, "deny"])], ["answered", "silent"]],
      [[policy([80, "allow"], [22, "deny"])], ["answered", "silent"]],
      [[policy([22, "allow"], [80, "deny"])], ["silent", "answered"]],
    ],
    look: (_, traffic) => traffic.probe([80, 22].map((port) => ({ from: "vpc.a.db", to: "10.0.1.4", protocol: "tcp", port }) as const)),
    takeAway: inRouter("insert rule inet vpcctl policy-in.web accept"),
  },
];

describe("acceptance", () => {
  for (const { row, stages, look, takeAway } of rows) {
    sandboxTest(row, async (host) => {
      await using traffic = await startTraffic(host);
      for (const [at, [lines, seen]] of stages.entries()) {
        await host.sh(["set -e", ...lines].join("\n"));
        if (at === 0) await listenEverywhere(host, traffic);
        expect(await look(host, traffic)).toEqual(seen);
      }
      await host.sh(takeAway);
      expect(await look(host, traffic)).not.toEqual(stages.at(-1)?.[1]);
    });
  }

  sandboxTest("cleanup leaves namespaces, links, rules, settings, files and processes as they were before", async (host) => {
    await plantForeign(host);
    const before = await snapshotHost(host);
    const processes = (): Promise<string> => host.sh("ps -e -o comm= | grep -E '^(sleep|dnsmasq)' | sort || true");
    const running = await processes();
    await host.sh(["set -e", ...everything].join("\n"));
    expect(await processes()).not.toBe(running);
    const made = diffSnapshots(before, await snapshotHost(host)).join("\n");
    for (const kind of ["namespaces: +", "links: +", "nftables: +", "settings: ", "files in /run and /etc: +", "IPv4 routes: +"]) expect(made).toContain(kind);
    await host.sh("vpcctl cleanup");
    expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
    expect(await processes()).toBe(running);
    // Without its mark a link is a stranger's: cleanup leaves it, and the snapshots say so.
    await host.sh(["set -e", ...everything, "ip link set igw-a alias stranger"].join("\n"));
    await host.run("vpcctl cleanup");
    expect(diffSnapshots(before, await snapshotHost(host)).join("\n")).toContain("igw-a");
  });
});

const everything = [
  ...vpc("a", "10.0.0.0/16", "associate-ipv6-cidr a", "enable-internet a web", "enable-dns a", "create-nat-gateway a web nat1", "shape a db --bandwidth 10mbit"),
  ...vpc("b", "10.1.0.0/16", "peer a b", "run-instance a web --name web1 -- sleep 4711", "run-workload a db 'sleep 4711' --detach --name job"),
  policy([80, "allow"]),
];

async function listenEverywhere(host: FakeHost, traffic: Traffic): Promise<void> {
  const places = (await host.sh("ls /run/netns")).split("\n").filter((name) => /^vpc\.[a-z]\./.test(name));
  for (const place of places) await traffic.listen(place, { tcp: [22, 80] });
}
