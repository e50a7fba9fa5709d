// What has an attached instance lost? It is somebody else's program: with the program's end, or after a reboot, its namespace may be gone,
// and whoever is in the namespace can delete our interface.
import { KernelError } from "../../../kernel/errors.ts";
import { inNamespaceOfProcess, isPlaceThere, namespaceInode } from "../../../kernel/namespaces.ts";
import { getLink } from "../../../kernel/netlink/link-state.ts";
import { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import type { AttachedTo, Instance } from "../../../model/instance.ts";
import type { LostPart } from "../../driver.ts";
import { attachmentLink, attachmentNamespace } from "../names.ts";
import { adoptedIndex } from "../numbers.ts";

/** Undefined when nothing is lost, and when there is no way to know. Changes nothing. */
export function lostPart(vpc: string, instance: Instance): LostPart | undefined {
  const { name, subnet, attachedTo } = instance;
  if (attachedTo === undefined) return undefined;
  if (isNamespaceLost(vpc, instance)) return "namespace";
  return isInterfaceThere(attachmentNamespace(vpc, `${subnet}/${name}`), attachedTo) ? undefined : "interface";
}

export const isNamespaceLost = (vpc: string, { name, subnet, attachedTo }: Instance): boolean =>
  attachedTo !== undefined && !isPlaceThere(attachmentNamespace(vpc, `${subnet}/${name}`), attachedTo);

/** Seen by the namespace's name or, where somebody has taken that away, by the process. Without the right to go in: as if it were there. */
function isInterfaceThere(namespace: string, place: AttachedTo): boolean {
  const look = (): boolean => {
    using socket = RouteSocket.open(namespace);
    return getLink(socket, { index: adoptedIndex })?.name === attachmentLink;
  };
  try {
    return namespaceInode(namespace) === place.inode ? look() : inNamespaceOfProcess(namespace, place, look);
  } catch (error) {
    if (error instanceof KernelError) return true;
    throw error;
  }
}
