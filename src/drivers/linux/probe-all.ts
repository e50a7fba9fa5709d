// Real packets for test-connectivity: echoes all at once; ports by the sockets a program would use.
import { KernelError } from "../../kernel/errors.ts";
import { icmpProbes } from "../../kernel/probes.ts";
import { tcpProbe } from "../../kernel/tcp-probe.ts";
import { udpProbe } from "../../kernel/udp-probe.ts";
import type { PortOf, Probe, ProbeResult } from "../driver.ts";
import { attachmentNamespace } from "./names.ts";

/** A socket each: well below how many a process may open. */
const socketsAtOnce = 256;

/** Resolves when all have an answer or the time (milliseconds) is over. */
export async function probeAll(probes: readonly Probe[], timeout: number): Promise<ProbeResult[]> {
  if (!probes.some(({ port }) => port !== undefined)) {
    const results = await icmpProbes(probes.map((probe) => ({ namespace: namespaceOf(probe), address: probe.address })), timeout);
    return probes.map((probe, at) => ({ probe, ...results[at] }));
  }
  const results: ProbeResult[] = [];
  for (let at = 0; at < probes.length; at += socketsAtOnce) {
    results.push(...(await Promise.all(probes.slice(at, at + socketsAtOnce).map((probe) => probePort(probe, timeout)))));
  }
  return results;
}

const namespaceOf = ({ vpc, subnet }: Probe): string => attachmentNamespace(vpc, subnet);

async function probePort(probe: Probe, timeout: number): Promise<ProbeResult> {
  const { address, port } = probe;
  if (port === undefined) throw new Error(`a probe to ${address} without a port among those with one`);
  try {
    return { probe, ...(await answerOf({ namespace: namespaceOf(probe), address, port: port.number }, port, timeout)) };
  } catch (error) {
    if (error instanceof KernelError) return { probe, error: error.message };
    throw error;
  }
}

/** A port that is closed answers too, and that it does is all that matters here. */
async function answerOf(
  target: { readonly namespace: string; readonly address: string; readonly port: number },
  { protocol }: PortOf,
  timeout: number,
): Promise<Omit<ProbeResult, "probe">> {
  const { outcome, milliseconds, error } = protocol === "tcp" ? await tcpProbe(target, timeout) : await udpProbe(target, timeout);
  if (error !== undefined) return { error };
  return outcome === "timed out" ? {} : { milliseconds };
}
