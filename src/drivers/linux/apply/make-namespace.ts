// Namespaces are made with our mark on their loopback, before they have a name: nobody, and no crash, ever meets one that does not say so.
//
// Those that are somebody else's, a container's for example, get a name in /run/netns for as long as an interface of ours is in them, and the mark,
// by which we know that the name is ours to take away. Their loopback is otherwise left alone. The mark comes before the name and goes after it,
// and all the while the file for the name says where the namespace is: no crash leaves a mark that cannot be found.
import { EBUSY } from "../../../kernel/errno.ts";
import { isKernelError, KernelError } from "../../../kernel/errors.ts";
import { abandonedPlace, inNamespaceOfProcess, type ProcessPlace, uncoverName } from "../../../kernel/namespaces.ts";
import { deleteLink, setLink } from "../../../kernel/netlink/link.ts";
import { getLink } from "../../../kernel/netlink/link-state.ts";
import { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import { attachmentLink } from "../names.ts";
import { adoptedIndex, loopbackIndex } from "../numbers.ts";
import type { NamespaceObject } from "../objects/object.ts";
import { markOf } from "../observe/namespace.ts";
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
  unmarkAbandoned(namespace);
  let isMarked = false;
  try {
    const prepare = (socket: RouteSocket): void => {
      const found = getLink(socket, { index: loopbackIndex })?.alias ?? "";
      // A mark of ours without the name is what a killed command has left.
      const operation = `mark the namespace of process ${adopted.pid}, whose loopback has the alias ${found}`;
      if (found !== "" && found !== mark) throw new KernelError(operation, undefined, EBUSY);
      socket.demand([setLink({ index: loopbackIndex, alias: mark })]);
      isMarked = true;
    };
    return RouteSocket.openInNewNamespace(namespace, prepare, adopted);
  } catch (error) {
    if (isMarked) unmarkAt(namespace, adopted);
    throw error;
  }
}

/**
 * Takes our interface away, the name off the namespace, and then the mark, just before the file of the name goes. The interface would go with the
 * router by itself, but not before the kernel finds the time for it. What is gone already is no error.
 */
export function clearNamespace(namespace: string): void {
  unmarkAbandoned(namespace);
  try {
    using socket = RouteSocket.open(namespace);
    if (getLink(socket, { index: adoptedIndex })?.name === attachmentLink) socket.transact([deleteLink({ index: adoptedIndex })]);
    uncoverName(namespace);
    socket.demand([unmark]);
  } catch (error) {
    if (!isKernelError(error, "ENOENT", "EINVAL")) throw error;
  }
}

/** Takes the mark away that a killed command has left without the name. */
function unmarkAbandoned(namespace: string): void {
  const place = abandonedPlace(namespace);
  if (place !== undefined) unmarkAt(namespace, place);
}

/** Only the mark that goes with this name. What has gone with its process is no error. */
function unmarkAt(namespace: string, place: ProcessPlace): void {
  try {
    inNamespaceOfProcess(namespace, place, () => {
      using socket = RouteSocket.open(namespace);
      if (markOf(namespace, getLink(socket, { index: loopbackIndex })?.alias ?? "") !== undefined) socket.demand([unmark]);
    });
  } catch (error) {
    if (!isKernelError(error, "ENOENT", "ESRCH")) throw error;
  }
}

const unmark = setLink({ index: loopbackIndex, alias: "" });
