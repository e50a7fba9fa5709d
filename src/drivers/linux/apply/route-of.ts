import type { LinuxStep } from "../step.ts";

/** The way a step takes into the kernel. */
export type Route = "netlink" | "nft" | "sysctl" | "alone";

/** Namespaces come and go by calls of their own; everything else of rtnetlink's is a request that can wait for company. */
export function routeOf({ action, object }: LinuxStep): Route {
  switch (object.kind) {
    case "nft-table":
    case "nft-set":
    case "nft-chain":
    case "nft-element":
      return "nft";
    case "sysctl":
      return "sysctl";
    case "foreign-rule":
      return "alone";
    case "namespace":
      return action === "change" ? "netlink" : "alone";
    default:
      return "netlink";
  }
}
