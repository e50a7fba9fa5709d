import { expect, test } from "bun:test";
import { parseCidr6 } from "../../../model/cidr6.ts";
import { blockProblems } from "./ipv6-conflict.ts";

const block = parseCidr6("2001:db8:a:b00::/56");
const against = (...destinations: string[]) => blockProblems("a", block, destinations.map((destination) => ({ destination, link: "eth0" })));

test("a network that shares addresses with a VPC's block stands against it, bigger or smaller", () => {
  for (const destination of ["2001:db8:a::/48", "2001:db8:a:b00::/56", "2001:db8:a:b01::/64", "2001:db8:a:bff::1/128", "2001:db8::/32"]) {
    expect(against("fd00::/64", destination)).toMatchObject([{ code: "HostConflict", message: expect.stringContaining(`${destination} on eth0`) }]);
  }
});

test("default routes and what is meant for everything do not, nor do other networks and link-local ones", () => {
  expect(against("::/0", "2000::/3", "fe80::/64", "ff00::/8", "2001:db8:a:c00::/56", "2001:db8:b::/48")).toEqual([]);
});
