import { readSysctl } from "../../../kernel/sysctl.ts";
import type { Finding } from "../../doctor.ts";
import { hostNamespace } from "../names.ts";
import { canForce6, hostForwards6 } from "../observe/uplinks6.ts";

/** Can VPCs have IPv6, and a way out by it? */
export function ipv6Forwarding(): Finding[] {
  const finding = { subject: "IPv6 forwarding" };
  if (readSysctl(hostNamespace, "net/ipv6/conf/all/forwarding") === undefined) {
    const why = "VPCs without IPv6 work; others cannot be made.";
    return [{ ...finding, status: "warn", found: "no IPv6", why, fix: "Start the kernel without ipv6.disable=1." }];
  }
  if (hostForwards6()) return [{ ...finding, status: "ok", found: "on", why: "The host passes IPv6 on, as a VPC's way out needs." }];
  if (canForce6()) {
    const why = "vpcctl leaves it off: a VPC with a way out by IPv6 needs it on its own link and on the uplink alone, and only these are switched.";
    return [{ ...finding, status: "ok", found: "off", why }];
  }
  return [{
    ...finding,
    status: "warn",
    found: "off, and one link alone cannot be switched on",
    why:
      "IPv6 works inside VPCs, over peerings, and to the host, but not to the internet. vpcctl does not switch on the whole host: " +
      "it would forget default routes that it has from router advertisements.",
    fix: "Use Linux 6.17 or newer. Or set accept_ra=2 on the uplink, and then net.ipv6.conf.all.forwarding=1.",
  }];
}
