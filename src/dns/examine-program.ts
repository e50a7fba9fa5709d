import type { Finding } from "../drivers/doctor.ts";
import { findProgram } from "./name-server-process.ts";

/** Is there a program for the resolvers of VPCs, and which? */
export function examineProgram(): Finding {
  const finding = { subject: "dnsmasq", why: "A VPC with DNS has its resolver by it; nothing else needs it." };
  const program = findProgram();
  if (program === undefined) return { ...finding, status: "warn", found: "not found: enable-dns cannot work", fix: "apt-get install dnsmasq-base" };
  const version = /version (\S+)/.exec(Bun.spawnSync([program, "--version"]).stdout.toString())?.[1];
  return { ...finding, status: "ok", found: version === undefined ? program : `version ${version}` };
}
