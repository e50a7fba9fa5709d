// `doctor`: what was found about the machine, and how to mend it.
import type { Finding } from "../../drivers/doctor.ts";
import { exitStatus } from "../../model/errors.ts";
import type { Run } from "../command.ts";
import { counted } from "../count.ts";
import type { Output, Style } from "../output.ts";
import { formatTable } from "../table.ts";

export const run: Run = async ({ output, wiring }) => {
  const findings = [...(await wiring.diagnose()), await examineResolvers()];
  const healthy = findings.every((finding) => finding.status !== "fail");
  if (output.json) output.printJson({ healthy, findings });
  else output.print(formatFindings(findings, output));
  return healthy ? exitStatus.done : exitStatus.notPermitted;
};

async function examineResolvers(): Promise<Finding> {
  const { upstreamResolvers } = await import("../../workloads/resolvers.ts");
  const { servers, note } = upstreamResolvers();
  const why = "Workloads ask these; a resolver on the host itself cannot be reached from a VPC.";
  const finding = { subject: "name servers", found: servers.join(", "), why };
  if (note === undefined) return { ...finding, status: "ok" };
  return { ...finding, status: "warn", why: note, fix: "Name a server in /etc/resolv.conf that is not on this host" };
}

const statusStyles: Record<Finding["status"], Style> = { ok: "green", warn: "yellow", fail: "red" };

/** A table; below each row that needs attention, why it matters and the fix. */
function formatFindings(findings: readonly Finding[], output: Output): string {
  const rows = findings.map(({ status, subject, found }) => [output.style(statusStyles[status], status.padEnd(4)), subject, found]);
  const lines = formatTable(rows).split("\n");
  const text = findings.map(({ status, why, fix }, at) => {
    const more = status === "ok" ? [] : [`        ${why}`, ...(fix === undefined ? [] : [`        Fix: ${fix}`])];
    return [lines[at], ...more].map((line) => `${line}\n`).join("");
  });
  return `${text.join("")}\n${verdict(findings)}\n`;
}

function verdict(findings: readonly Finding[]): string {
  const count = (status: Finding["status"]) => findings.filter((finding) => finding.status === status).length;
  if (count("fail") > 0) return `${counted(count("fail"), "thing")} missing: vpcctl cannot work here until mended.`;
  if (count("warn") > 0) return `Ready. ${counted(count("warn"), "thing")} to know about.`;
  return "Ready.";
}
