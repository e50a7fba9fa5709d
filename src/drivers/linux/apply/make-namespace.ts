// Namespaces are made with our mark on their loopback, before they have a name: nobody, and no crash, ever meets one that does not say so.
//
// Those that are somebody else's, a container's for example, get a name in /run/netns for as long as an interface of ours is in them, and the mark,
// by which we know that the name is ours to take away. Their loopback is otherwise left alone.
import { isKernelError, KernelError } from "../../../kernel/errors.ts";
import { inNamespaceOfProcess } from "../../../kernel/namespaces.ts";
import { deleteLink, setLink } from "../../../kernel/netlink/link.ts";
import { getLink } from "../../../kernel/netlink/link-state.ts";
import { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import { attachmentLink } from "../names.ts";
import { adoptedIndex } from "../numbers.ts";
import type { NamespaceObject } from "../objects/object.ts";
import { markNamespace } from "./requests.ts";

type Adopted = NamespaceObject & { readonly adopted: NonNullable<NamespaceObject["adopted"]> };

/**
 * Marks the namespace, then names it; returns an open socket in it. Throws a KernelError: ESRCH or ENOENT when the process whose it is has
 * gone, EBUSY when somebody else has marked it.
 */
export function makeNamespace(object: NamespaceObject): RouteSocket {
  const isAdopted = (made: NamespaceObject): made is Adopted => made.adopted !== undefined;
  if (isAdopted(object)) return adopt(object);
  return RouteSocket.openInNewNamespace(object.namespace, (opened) => opened.demand([markNamespace(object)]));
}

function adopt({ namespace, mark, adopted }: Adopted): RouteSocket {
  const alias = (text: string) => setLink({ index: 1, alias: text });
  let isMarked = false;
  try {
    const prepare = (socket: RouteSocket): void => {
      const found = getLink(socket, { index: 1 })?.alias ?? "";
      // A mark of ours without the name is what a killed command has left.
      const operation = `mark the namespace of process ${adopted.pid}, whose loopback has the alias ${found}`;
      if (found !== "" && found !== mark) throw new KernelError(operation, undefined, EBUSY);
      socket.demand([alias(mark)]);
      isMarked = true;
    };
    return RouteSocket.openInNewNamespace(namespace, prepare, adopted);
  } catch (error) {
    if (isMarked) inNamespaceOfProcess(namespace, adopted, () => unmark(namespace));
    throw error;
  }
}

const EBUSY = 16;

/**
 * Takes our interface and the mark away, just before the name goes. The interface would go with the router by itself, but not before the
 * kernel finds the time for it. What is gone already is no error.
 */
export function clearNamespace(namespace: string): void {
  try {
    unmark(namespace);
    using socket = RouteSocket.open(namespace);
    if (getLink(socket, { index: adoptedIndex })?.name === attachmentLink) socket.transact([deleteLink({ index: adoptedIndex })]);
  } catch (error) {
    if (!isKernelError(error, "ENOENT", "EINVAL")) throw error;
  }
}

function unmark(namespace: string): void {
  using socket = RouteSocket.open(namespace);
  socket.demand([setLink({ index: 1, alias: "" })]);
}
