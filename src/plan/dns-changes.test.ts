import { expect, test } from "bun:test";
import { worldAfter } from "../../test/support/verb-line.ts";
import { planChanges } from "./plan-changes.ts";

test("DHCP options are told of as one thing, with what holds where nothing was said", () => {
  const base = worldAfter(["create-vpc a 10.0.0.0/16"]);
  const set = worldAfter(["set-dhcp-options a --domain-name corp.example"], base);
  const more = worldAfter(["set-dhcp-options a --domain-name-server 10.0.2.53 --domain-name-server AmazonProvidedDNS"], set);
  const said = [[base, set], [set, more], [more, worldAfter(["reset-dhcp-options a"], more)], [more, worldAfter(["enable-dns a"], more)]] as const;
  expect(said.flatMap(([before, after]) => planChanges(before, after).map(({ action, subject, detail }) => `${action} ${subject}: ${detail}`))).toEqual([
    "create DHCP options a: name server AmazonProvidedDNS; domain corp.example",
    "update DHCP options a: name server AmazonProvidedDNS; domain corp.example -> name servers 10.0.2.53, AmazonProvidedDNS; no domain",
    "delete DHCP options a: name servers 10.0.2.53, AmazonProvidedDNS; no domain",
    "create resolver a: on",
  ]);
});
