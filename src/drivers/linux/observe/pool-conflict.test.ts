import { expect, test } from "bun:test";
import { parseCidr4 } from "../../../model/cidr.ts";
import { poolProblems } from "./pool-conflict.ts";

const pool = parseCidr4("198.18.0.0/15");
const against = (...destinations: string[]) => poolProblems(pool, destinations.map((destination) => ({ destination, link: "eth0" })));

test("a network that shares addresses with the pool stands against it, bigger or smaller", () => {
  for (const destination of ["198.18.0.0/16", "198.19.255.0/24", "198.0.0.0/8", "198.18.0.1/32"]) {
    expect(against("10.0.0.0/8", destination)).toMatchObject([{ code: "HostConflict", message: expect.stringContaining(`${destination} on eth0`) }]);
  }
  expect(against("198.18.0.0/24", "198.18.1.0/24")[0]?.message).toEndWith("198.18.0.0/24 on eth0, 198.18.1.0/24 on eth0.");
});

test("default routes do not, in one piece or in halves, nor do other networks", () => {
  expect(against("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "192.0.0.0/7", "198.17.0.0/16", "198.20.0.0/16")).toEqual([]);
});

test("an address of the host says nothing beside its network, and everything where it is alone", () => {
  const on = (link: string, ...destinations: string[]) => destinations.map((destination) => ({ destination, link }));
  const said = poolProblems(pool, [...on("eth0", "198.18.0.0/24", "198.18.0.7/32"), ...on("lo", "198.18.0.8/32", "198.18.0.8/32")])[0]?.message;
  expect(said).toBe("The host has routes or addresses of its own in the public pool 198.18.0.0/15: 198.18.0.0/24 on eth0, 198.18.0.8/32 on lo.");
});
