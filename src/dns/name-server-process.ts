// One dnsmasq: finding, starting, telling and ending it. It goes to the background by itself when it listens, so a start that comes back
// is a server that answers; it follows no file but ours (its own /etc/dnsmasq.conf is not read).
import { fileErrorCode } from "../kernel/errors.ts";
import { readFileIfThere, readlinkSync } from "../kernel/files.ts";
import { inNamespace, namespaceInode } from "../kernel/namespaces.ts";
import { VpcctlError } from "../model/errors.ts";
import { endProcess, readProcess, type Process } from "../workloads/processes.ts";

/** The program, wherever it is; root's PATH may lack the directories for system programs. */
export function findProgram(): string | undefined {
  return Bun.which("dnsmasq", { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin:/usr/local/sbin` }) ?? undefined;
}

/** Throws MissingLibrary. */
export function requireProgram(): string {
  const program = findProgram();
  if (program !== undefined) return program;
  throw new VpcctlError({
    code: "MissingLibrary",
    message: "The name server dnsmasq is not installed, and a VPC's resolver is made of it.",
    hint: "Install it: apt-get install dnsmasq-base",
  });
}

export const commandLine = (program: string, settings: string): string[] => [program, `--conf-file=${settings}`, ...asWhom()];

/** By itself it becomes `nobody`. Where groups cannot be changed, as in a sandbox, there is nobody else to become. */
function asWhom(): string[] {
  return readIfThere("/proc/self/setgroups")?.trim() === "deny" ? ["--user=root", "--group="] : [];
}

/** Throws VpcctlError with the server's own words. */
export function start(namespace: string, settings: string): void {
  const command = commandLine(requireProgram(), settings);
  const { exitCode, stderr } = inNamespace(namespace, () => Bun.spawnSync(command, { stdin: "ignore", stdout: "ignore", stderr: "pipe", cwd: "/", env: {} }));
  if (exitCode === 0) return;
  throw new VpcctlError({
    code: "ApplyFailed",
    message: `The name server did not start: ${stderr.toString().trim().replace(/^dnsmasq: /, "")}.`,
    hint: `Try it by hand: ip netns exec ${namespace} ${commandLine("dnsmasq", settings).join(" ")} --no-daemon`,
  });
}

/** The server that was started with these settings, in this namespace when one is named; a pid alone may belong to another by now. */
export function running(settings: string, pidFile: string, namespace?: string): Process | undefined {
  const pid = Number(readIfThere(pidFile)?.trim());
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (readIfThere(`/proc/${pid}/cmdline`)?.split("\0").includes(`--conf-file=${settings}`) !== true) return undefined;
  // A router that was made anew is another namespace of that name, and a server in the old one answers nobody.
  if (namespace !== undefined && networkOf(pid) !== `net:[${namespaceInode(namespace)}]`) return undefined;
  return readProcess(pid);
}

/** Makes it read its addresses again. What is asked after this is answered from them: signals come before packets. */
export function tell({ pid }: Process): void {
  try {
    process.kill(pid, "SIGHUP");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** It keeps nothing that it would have to write down. */
const GRACE_MS = 500;

/** Ends it and waits until it is gone, and has left its port: its file goes earlier, and it may have to wait for the system's log in between. */
export function end(settings: string, pidFile: string): void {
  const server = running(settings, pidFile);
  if (server !== undefined) endProcess(server, GRACE_MS);
}

function networkOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    // It has just ended.
    return "";
  }
}

/** Undefined when there is no such file, or its process has ended. No other failure may pass for that: a server would be forgotten that runs. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileIfThere(path, "utf8");
  } catch (error) {
    const code = fileErrorCode(error);
    if (code !== "ESRCH" && code !== "ENOTDIR") throw error;
    return undefined;
  }
}
