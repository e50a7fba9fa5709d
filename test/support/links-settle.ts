import { eventually } from "./eventually.ts";
import type { FakeHost } from "./fake-host.ts";

/**
 * Waits until the links of a host, and of its named namespaces, have come to rest after they were set up: until the kernel has noticed
 * each carrier, and has no IPv6 address on trial any more. A snapshot that saw them change would differ from the next.
 */
export async function linksSettle(host: FakeHost): Promise<void> {
  await eventually("the links settle", async () => haveSettled(await host.sh(look)));
}

const look = `
for namespace in '' $(ls /run/netns); do
  ip="ip\${namespace:+ -n $namespace}"
  $ip -o link show up; $ip -6 -o address; $ip -6 route show table local type local
done
:`;

function haveSettled(seen: string): boolean {
  const count = (what: RegExp): number => seen.match(what)?.length ?? 0;
  const haveCarriers = count(/ mtu /g) === count(/LOOPBACK| state UP /g);
  // The route of an address comes after the address has lost its mark, so the mark alone does not say.
  return haveCarriers && count(/ tentative /g) === 0 && count(/ inet6 /g) === count(/^local /gm);
}
