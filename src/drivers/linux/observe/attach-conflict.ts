// Is a program that is to be attached in a namespace of ours? That has an owner already, and an interface more in it would be a way around
// the router, or, in the router itself, around its rules. Told by the mark on the loopback, which each of ours has.
import { KernelError } from "../../../kernel/errors.ts";
import { inNamespaceOfProcess } from "../../../kernel/namespaces.ts";
import { getLink } from "../../../kernel/netlink/link-state.ts";
import { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import { changedNames } from "../../../model/changed-names.ts";
import type { Problem } from "../../../model/errors.ts";
import type { AttachedTo, Instance } from "../../../model/instance.ts";
import { findInstance, findVpc, type World } from "../../../model/world.ts";
import { isAttachedMark, parseNamespaceMark, type Mark } from "../names.ts";
import { loopbackIndex } from "../numbers.ts";

/** What stands against the programs that are attached in the later World and were not in the earlier one. Changes nothing. */
export function attachObjections(before: World, after: World): Problem[] {
  return newcomers(before, after).flatMap(({ name, attachedTo }) => {
    if (attachedTo === undefined) return [];
    const alias = aliasAt(attachedTo);
    const owner = parseNamespaceMark(alias);
    // The mark of an attachment is there before its name, so a command that was killed may have left it.
    return owner === undefined || isAttachedMark(alias) ? [] : [belongsTo(owner, name, attachedTo)];
  });
}

function newcomers(before: World, after: World): Instance[] {
  return changedNames(before.vpcs, after.vpcs).changed.flatMap((vpc) => {
    const [old, now] = [findVpc(before, vpc), findVpc(after, vpc)];
    return changedNames(old?.instances, now?.instances).changed.flatMap((name) => {
      const instance = now && findInstance(now, name);
      const isNew = instance?.attachedTo !== undefined && instance.attachedTo !== (old && findInstance(old, name))?.attachedTo;
      return isNew ? [instance] : [];
    });
  });
}

/** Alias of the loopback. Empty too when there is no way to know: then the command ends where it tries to go in, with the reason. */
function aliasAt(place: AttachedTo): string {
  const called = `of process ${place.pid}`;
  try {
    return inNamespaceOfProcess(called, place, () => {
      using socket = RouteSocket.open(called);
      return getLink(socket, { index: loopbackIndex })?.alias ?? "";
    });
  } catch (error) {
    if (error instanceof KernelError) return "";
    throw error;
  }
}

function belongsTo({ vpc, subnet: path }: Mark, name: string, { pid, container }: AttachedTo): Problem {
  const owner = path === undefined ? `the router of VPC ${vpc}` : path.includes("/") ? `instance ${vpc}/${path.slice(path.indexOf("/") + 1)}` : `subnet ${vpc}/${path}`;
  const program = container === undefined ? `Process ${pid}` : `Container ${container}`;
  return {
    code: "InvalidParameterValue",
    message: `${program} runs in the network namespace of ${owner}, so it cannot be instance ${name} as well.`,
    hint: "What is attached has a network namespace of its own: start it with `unshare --net PROGRAM`, or a container with `--network none`.",
  };
}
