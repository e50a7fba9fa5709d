// What this machine cannot do of what is asked for, found out before anything is touched.
import { inNewNamespace } from "../../../kernel/in-namespace.ts";
import { newNetem } from "../../../kernel/netlink/qdisc.ts";
import { RouteSocket } from "../../../kernel/netlink/route-socket.ts";
import { changedNames } from "../../../model/changed-names.ts";
import type { Problem } from "../../../model/errors.ts";
import { instancesOf } from "../../../model/instance.ts";
import { needsNetem, type Shaping } from "../../../model/shaping.ts";
import { findVpc, type World } from "../../../model/world.ts";
import { loopbackIndex } from "../numbers.ts";
import { attachObjections } from "./attach-conflict.ts";
import { ipv6Objections } from "./ipv6-conflict.ts";
import { poolObjections } from "./pool-conflict.ts";

/** Problems of the later World that the earlier one did not have; what is there already is not asked about again. */
export function objections(before: World, after: World): Problem[] {
  return [...poolObjections(before, after), ...ipv6Objections(before, after), ...attachObjections(before, after), ...netemObjections(before, after)];
}

function netemObjections(before: World, after: World): Problem[] {
  if (!asksForMoreNetem(before, after) || asksForNetem(before) || hasNetem()) return [];
  return [
    {
      code: "UnsupportedKernel",
      message: "This kernel cannot delay or lose packets on purpose: it has no netem.",
      hint: "Load its module, if there is one: modprobe sch_netem. A bandwidth alone works without.",
    },
  ];
}

const needsIt = (part: { readonly shaping?: Shaping } | undefined): boolean => part?.shaping !== undefined && needsNetem(part.shaping);

function asksForMoreNetem(before: World, after: World): boolean {
  return changedNames(before.vpcs, after.vpcs).changed.some((name) => {
    const [old, now] = [findVpc(before, name), findVpc(after, name)];
    const anew = (kind: "subnets" | "instances"): boolean => changedNames(old?.[kind], now?.[kind]).changed.some((part) => needsIt(now?.[kind]?.[part]));
    return anew("subnets") || anew("instances");
  });
}

const asksForNetem = ({ vpcs }: World): boolean => Object.values(vpcs).some((vpc) => [...Object.values(vpc.subnets), ...instancesOf(vpc)].some(needsIt));

/** Tried for real, in a namespace of its own and without a name, as a dry run has no lock: a kernel that lists the module may still refuse it. */
function hasNetem(): boolean {
  // For the words of errors only.
  const namespace = "vpcctl-netem";
  return inNewNamespace(namespace, () => {
    using socket = RouteSocket.open(namespace);
    const [error] = socket.transact([newNetem(loopbackIndex)]);
    if (error !== undefined && !["ENOENT", "EOPNOTSUPP", "EINVAL"].includes(error.code)) throw error;
    return error === undefined;
  });
}
