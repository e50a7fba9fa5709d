import { readFileSync } from "../../../kernel/files.ts";
import type { Finding } from "../../doctor.ts";

// Bits of the capability mask (linux/capability.h).
const CAP_NET_ADMIN = 12;
const CAP_SYS_ADMIN = 21;

/** Why this process may not build networks, in one sentence; absent when it may. */
export function missingRights(): string | undefined {
  // Its last eight digits: both bits are among them, and a number of 64 bits is none that JavaScript counts with at once.
  const capabilities = Number.parseInt(/^CapEff:\s*[0-9a-f]*([0-9a-f]{8})$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0", 16);
  const has = (bit: number) => ((capabilities >>> bit) & 1) === 1;
  if (has(CAP_NET_ADMIN) && has(CAP_SYS_ADMIN)) return undefined;
  return process.geteuid?.() === 0
    ? "this process is root but lacks CAP_NET_ADMIN or CAP_SYS_ADMIN, as in a container without --privileged."
    : "this process is not root.";
}

/** Rights, and the way without them: user namespaces. */
export function examineRights(): Finding[] {
  const missing = missingRights();
  return [
    missing === undefined
      ? { subject: "rights", status: "ok", found: "may change the network", why: "Only root may make namespaces, links and rules." }
      : {
          subject: "rights",
          status: "fail",
          found: missing,
          why: "Only root may make namespaces, links and rules.",
          fix: "Run commands with sudo, or on a make-believe host: vpcctl sandbox",
        },
    examineUserNamespaces(),
  ];
}

/** Switches with which distributions forbid user namespaces: path, the value that forbids, how to allow. */
const userNamespaceSwitches = [
  { path: "/proc/sys/user/max_user_namespaces", forbids: "0", fix: "sysctl user.max_user_namespaces=10000" },
  { path: "/proc/sys/kernel/unprivileged_userns_clone", forbids: "0", fix: "sysctl kernel.unprivileged_userns_clone=1" },
  { path: "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", forbids: "1", fix: "sysctl kernel.apparmor_restrict_unprivileged_userns=0" },
];

function examineUserNamespaces(): Finding {
  const finding = { subject: "user namespaces", why: "The sandbox and the demo need them; everything else works without." };
  const closed = userNamespaceSwitches.find(({ path, forbids }) => readText(path).trim() === forbids);
  if (closed !== undefined) return { ...finding, status: "warn", found: `forbidden by ${closed.path}`, fix: closed.fix };
  // A chroot and the system call filter of a container refuse them with no switch to read.
  const complaint = complaintOf(["unshare", "--user", "--map-root-user", "true"]);
  if (complaint === undefined) return { ...finding, status: "ok", found: "allowed" };
  return { ...finding, status: "warn", found: `refused (${complaint})`, fix: "Leave the chroot, or give the container more rights (docker run --privileged)" };
}

/** What a program says when it fails, or why it does not start; `undefined` when all is well. */
function complaintOf(words: string[]): string | undefined {
  try {
    const { exitCode, stderr } = Bun.spawnSync(words, { stdout: "ignore", stderr: "pipe" });
    return exitCode === 0 ? undefined : stderr.toString().trim();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Each switch exists only on some distributions.
    return "";
  }
}
