import { expect, test } from "bun:test";
import { emptyWorld, type World } from "../model/world.ts";
import { findVerb } from "../operations/verbs.ts";
import { nameServersOf } from "./name-server-files.ts";

function world(...lines: readonly string[]): World {
  let made: World = emptyWorld;
  for (const line of lines) {
    const [name = "", ...words] = line.split(" ");
    const verb = findVerb(name);
    if (verb === undefined) throw new Error(`no verb ${name}`);
    made = verb.operate(made, verb.parse(words));
  }
  return made;
}

const base = ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24", "enable-dns a"];
function serversOf(...lines: readonly string[]): ReturnType<typeof nameServersOf> {
  const made = world(...base, ...lines);
  return nameServersOf(made, made.vpcs["a"], { directory: "/d", upstream: ["192.0.2.53"] });
}

test("a VPC without a resolver has no name server", () => {
  expect(serversOf("disable-dns a")).toBeUndefined();
  expect(nameServersOf(emptyWorld, undefined, { directory: "/d", upstream: [] })).toBeUndefined();
});

test("every subnet has its name and the name of its address", () => {
  expect(serversOf()?.hosts).toContain("10.0.1.4 web.a.internal ip-10-0-1-4.a.internal\n10.0.2.4 db.a.internal ip-10-0-2-4.a.internal\n");
});

test("nobody forwards where nobody can go out, and only the server for those who can has anybody to forward to", () => {
  expect([...(serversOf()?.settings.keys() ?? [])]).toEqual(["inside"]);
  const servers = serversOf("enable-internet a web");
  expect(servers?.settings.get("outside")).toContain("\nserver=192.0.2.53\n");
  expect(servers?.settings.get("inside")).not.toContain("server=");
});

test("a private zone is answered from its records by both, and never looked up", () => {
  const records = ["create-record a one.db.example A 10.0.2.4", "create-record a two.db.example CNAME one.db.example"];
  const servers = serversOf("enable-internet a web", "create-private-zone a db.example", ...records);
  expect(servers?.hosts).toContain("\n10.0.2.4 one.db.example\n");
  for (const text of servers?.settings.values() ?? []) {
    expect(text).toContain("\nlocal=/db.example/\n");
    expect(text).toContain("\ncname=two.db.example,one.db.example\n");
  }
});

test("a longer zone has all its names: what a shorter one says of them sleeps, and no alias is told twice", () => {
  const zones = ["create-private-zone a example", "create-record a x.db.example CNAME web.a.internal", "create-record a y.db.example A 10.0.2.4"];
  const longer = ["create-private-zone a db.example", "create-record a x.db.example CNAME db.a.internal"];
  const before = serversOf(...zones);
  expect([before?.settings.get("inside"), before?.hosts]).toEqual([expect.stringContaining("cname=x.db.example,web."), expect.stringContaining("10.0.2.4 y.db.example")]);
  const after = serversOf(...zones, ...longer);
  expect(after?.settings.get("inside")?.match(/cname=.*/g)).toEqual(["cname=x.db.example,db.a.internal"]);
  expect(after?.hosts).not.toContain("y.db.example");
});
