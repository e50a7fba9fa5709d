import type { LinkState } from "../../../kernel/netlink/link-state.ts";
import { readSysctl } from "../../../kernel/sysctl.ts";
import type { SpecObject } from "../objects/object.ts";
import { forwarding6, linkSettings6 } from "../router-settings6.ts";

/** IPv6 switches of a router that are not off: those of its own stack, and of each link that is not a port. */
export function readSettings6(namespace: string, links: Iterable<LinkState>): SpecObject[] {
  const spoken = [...links].filter((link) => link.kind !== "" && link.master === undefined);
  return [forwarding6, ...spoken.flatMap((link) => linkSettings6(link.name))].flatMap(({ key, off }): SpecObject[] => {
    const value = readSysctl(namespace, key);
    return value === undefined || value === off ? [] : [{ kind: "sysctl", namespace, key, value, was: off }];
  });
}
