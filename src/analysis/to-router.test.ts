import { expect, test } from "bun:test";
import { worldAfter } from "../../test/support/verb-line.ts";
import { analyze, type Question } from "./analyze.ts";

const base = ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "run-instance a web --name web1"];
const on = [...base, "enable-dns a", "associate-ipv6-cidr a fd00:a::/56"];
const names = { protocol: "udp", port: 53 } as const;
const ping = { protocol: "icmp" } as const;
const ask = (lines: readonly string[], to: string, more: Omit<Question, "from" | "to">, from = "a/web1") => analyze(worldAfter(lines), { from, to, ...more });
const reaches = (...question: Parameters<typeof ask>): boolean => ask(...question).reachable;

test("the resolver answers for names at each of its addresses and to a ping, and nothing else", () => {
  for (const address of ["10.0.0.2", "10.0.1.2", "169.254.169.253"]) {
    expect([ask(on, address, names).to, reaches(on, address, names), reaches(on, address, ping), reaches(on, address, { protocol: "tcp", port: 80 })]).toEqual([
      "resolver of a", true, true, false,
    ]);
  }
  expect([reaches(on, "fd00:ec2::253", names), reaches(on, "fd00:ec2::253", { protocol: "icmpv6" }), reaches(on, "fd00:ec2::253", ping)]).toEqual([true, true, false]);
});

test("the router answers to a ping alone", () => {
  expect([reaches(on, "10.0.1.1", ping), reaches(on, "fd00:a::1", { protocol: "icmpv6" }), reaches(on, "10.0.1.1", names)]).toEqual([true, true, false]);
  expect(ask(on, "10.0.1.1", names).changes).toEqual(["10.0.1.1 is the router of VPC a, and nothing else of it can be asked: it answers to a ping."]);
});

test("without DNS there is no resolver, and the way to one is told", () => {
  expect(ask(base, "10.0.0.2", names).changes).toEqual(["VPC a has no resolver: vpcctl enable-dns a"]);
  expect(() => ask(base, "fd00:ec2::253", names)).toThrow("has no IPv6 address");
});

test("groups, ACLs and partitions do not count, a pulled wire and a stopped instance do", () => {
  const closed = ["create-network-acl a none", "associate-network-acl a web none", "revoke-egress a default --protocol all --cidr 0.0.0.0/0", "partition a web1"];
  expect(reaches([...on, ...closed], "10.0.0.2", names)).toBeTrue();
  expect(ask([...on, "link-down a web"], "10.0.0.2", names).changes).toEqual(["A fault is in the way, the link of a/web/web1 is down: heal it."]);
  expect(ask([...on, "stop-instance a web1"], "10.0.0.2", names).changes).toEqual(["Instance web1 of a is stopped: start it."]);
});

test("that of another VPC is out of reach", () => {
  const other = ["create-vpc b 10.1.0.0/16", "add-subnet b app 10.1.1.0/24", "enable-dns b", "peer a b"];
  expect(reaches([...on, ...other], "10.1.0.2", names)).toBeFalse();
  expect(reaches([...on, ...other], "10.1.0.2", names, "b/app")).toBeTrue();
});
