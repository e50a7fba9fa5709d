import { expect, test } from "bun:test";
import { kindOf } from "./kind-of.ts";

test("a kind is a subject without its names, one of it and many", () => {
  const kinds: Record<string, readonly [string, string]> = {
    "VPC a": ["VPC", "VPCs"],
    "Elastic IP shop": ["Elastic IP", "Elastic IPs"],
    "subnet a/web": ["subnet", "subnets"],
    "route a/main 10.0.0.0/8": ["route", "routes"],
    "network ACL entry a/strict ingress 100": ["network ACL entry", "network ACL entries"],
    "rule of security group a/web": ["rule of a security group", "rules of security groups"],
    "policy of subnet a/web": ["policy of a subnet", "policies of subnets"],
    "fault at instance a/web1": ["fault at an instance", "faults at instances"],
    "IPv6 block of VPC a": ["IPv6 block of a VPC", "IPv6 blocks of VPCs"],
  };
  for (const [subject, [one, many]] of Object.entries(kinds)) expect(kindOf(subject)).toEqual({ one, many });
});
