import { expect, test } from "bun:test";
import type { NameSettings } from "../model/dhcp-options.ts";
import { parseIpv4 } from "../model/cidr.ts";
import { chooseResolvers, resolversFor } from "./resolvers.ts";

const noneIsOwn = () => false;
const files = (texts: Record<string, string>) => (path: string) => texts[path] ?? "";

test("a server elsewhere is asked as the host asks it, with the host's search list", () => {
  const { servers, text, note } = chooseResolvers(files({ "/etc/resolv.conf": "search lan\nnameserver 192.0.2.1\noptions trust-ad\n" }), noneIsOwn);
  expect(servers).toEqual(["192.0.2.1"]);
  expect(text).toBe("# Name servers for workloads, from /etc/resolv.conf.\nnameserver 192.0.2.1\nsearch lan\noptions trust-ad\n");
  expect(note).toBeUndefined();
});

test("a stub on loopback is replaced by the servers that systemd-resolved asks, which are not trusted as the stub was", () => {
  const read = files({
    "/etc/resolv.conf": "nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch corp.example\n",
    "/run/systemd/resolve/resolv.conf": "nameserver 192.0.2.7\nnameserver 192.0.2.8\nsearch .\n",
  });
  const { servers, text } = chooseResolvers(read, noneIsOwn);
  expect(servers).toEqual(["192.0.2.7", "192.0.2.8"]);
  expect(text).toContain("\noptions edns0\nsearch corp.example\n");
});

test.each([
  ["/run/NetworkManager/no-stub-resolv.conf"],
  ["/run/dnsmasq/resolv.conf"],
  ["/run/resolvconf/resolv.conf"],
])("the servers behind a local one are found in %s", (path) => {
  expect(chooseResolvers(files({ "/etc/resolv.conf": "nameserver 127.0.0.1\n", [path]: "nameserver 192.0.2.9\n" }), noneIsOwn).servers).toEqual(["192.0.2.9"]);
});

test.each([
  ["127.0.0.1"],
  ["127.255.3.4"],
  ["::1"],
  ["0.0.0.0"],
  ["fe80::1%eth0"],
  ["2001:db8::53"],
  ["not-an-address"],
])("the server %s cannot be reached from a subnet, so public ones are asked and the user is told", (server) => {
  const { servers, note } = chooseResolvers(files({ "/etc/resolv.conf": `nameserver ${server}\n` }), noneIsOwn);
  expect(servers).toEqual(["8.8.8.8", "1.1.1.1"]);
  expect(note).toContain("8.8.8.8 and 1.1.1.1");
});

test("a server on the host's own address is passed over, the next one is taken", () => {
  const read = files({ "/etc/resolv.conf": "nameserver 10.0.0.5\n nameserver\t192.0.2.2 # the other\n#nameserver 192.0.2.3\n" });
  expect(chooseResolvers(read, (address) => address === "10.0.0.5").servers).toEqual(["192.0.2.2"]);
});

test("a host without a resolv.conf gets the public servers", () => {
  expect(chooseResolvers(files({}), noneIsOwn).text).toBe("# Name servers for workloads, from no file of the host.\nnameserver 8.8.8.8\nnameserver 1.1.1.1\n");
});

test("DHCP options stand in the place of the host's servers and domains, or around them, and then its way to ask stays", () => {
  const host = () => chooseResolvers(files({ "/etc/resolv.conf": "nameserver 192.0.2.1\nsearch lan\noptions timeout:2\n" }), noneIsOwn);
  const text = (servers: NameSettings["servers"], domains: readonly string[]) => resolversFor({ nameSettings: { origin: "DHCP options", servers, domains } }, host).text;
  const own = parseIpv4("10.0.2.53");
  expect(text([own], [])).toBe("# The DHCP options of the VPC.\nnameserver 10.0.2.53\nsearch .\n");
  expect(text([own, "host"], ["a.example", "b.example"])).toBe(
    "# The DHCP options of the VPC.\nnameserver 10.0.2.53\nnameserver 192.0.2.1\nsearch a.example b.example\noptions timeout:2\n",
  );
});

test("the user is told when the host's servers are meant and cannot be used", () => {
  const host = () => chooseResolvers(files({}), noneIsOwn);
  const note = (server: NameSettings["servers"][number]) => resolversFor({ nameSettings: { origin: "DHCP options", servers: [server], domains: [] } }, host).note;
  expect([note("host")?.includes("8.8.8.8"), note(parseIpv4("10.0.2.53"))]).toEqual([true, undefined]);
});
