// The queues of a router, read back.
import type { LinkState } from "../../../kernel/netlink/link-state.ts";
import { dumpClasses, dumpQdiscs, type QdiscState } from "../../../kernel/netlink/qdisc.ts";
import type { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import type { SpecObject } from "../objects/object.ts";

/** Every block of the namespace, and every HTB with its classes. */
export function readShaping(namespace: string, socket: RouteSocket, links: ReadonlyMap<number, LinkState>): SpecObject[] {
  const blocks = [...links.values()].filter(({ kind, up }) => kind === "ifb" && up);
  const qdiscs = dumpQdiscs(socket);
  return [
    ...blocks.map(({ name, index, mac }): SpecObject => ({ kind: "ifb", namespace, link: name, index, mac })),
    ...qdiscs.filter(({ kind, minor }) => kind === "htb" && minor === undefined).flatMap(({ link: index }): SpecObject[] => {
      const link = links.get(index)?.name;
      if (link === undefined) return [];
      const on = { namespace, link, index };
      return [{ kind: "htb", ...on }, ...readClasses(socket, on, qdiscs)];
    }),
  ];
}

function readClasses(socket: RouteSocket, on: { readonly namespace: string; readonly link: string; readonly index: number }, qdiscs: readonly QdiscState[]): SpecObject[] {
  const queues = new Map(qdiscs.filter(({ link }) => link === on.index).map(({ minor, queue }) => [minor, queue]));
  return dumpClasses(socket, on.index).map(({ minor, parent, rate, ceil }): SpecObject => {
    const queue = queues.get(minor);
    return { kind: "shape-class", ...on, minor, ...(parent === undefined ? {} : { parent }), rate, ceil, ...(queue === undefined ? {} : { queue }) };
  });
}
