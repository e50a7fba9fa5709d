// The program behind traffic.ts: reads a request per line of JSON, answers each with a line. A socket belongs to the namespace in which it
// was opened, so all are opened where they must be and served from here.
import { constants } from "node:os";
import { errno, errnoCodeOf, PacketSocket, pause } from "./traffic-sockets.ts";

/** `from` is a namespace ("" is the host's own), `to` an address. */
export type Probe = { readonly from: string; readonly to: string } & (
  | { readonly protocol: "tcp" | "udp"; readonly port: number }
  /** An echo request, or, for IPv4, a timestamp request: the two that every kernel answers. */
  | { readonly protocol: "icmp"; readonly ask?: "echo" | "timestamp" }
);

/** `refused`: somebody said no, the target's kernel as a rule. `silent`: nobody said anything. */
export type Outcome = "answered" | "refused" | "silent";

export type Request =
  | { readonly act: "listen"; readonly namespace: string; readonly tcp: readonly number[]; readonly udp: readonly number[]; readonly address?: string }
  | { readonly act: "probe"; readonly probes: readonly Probe[]; readonly patience: number }
  | { readonly act: "connect"; readonly from: string; readonly to: string; readonly port: number; readonly patience: number }
  | { readonly act: "exchange"; readonly connection: number; readonly patience: number };

const listeners: PacketSocket[] = [];
let echoing: PacketSocket[] = [];
const connections: PacketSocket[] = [];

/** Lets every open port answer what has come. */
function serve(): void {
  for (const listener of listeners) {
    if (listener.kind === "udp") listener.echoDatagrams();
    else for (let one = listener.accept(); one !== undefined; one = listener.accept()) echoing.push(one);
  }
  echoing = echoing.filter((socket) => socket.echoStream());
}

/** Looks until there is a result or the time is over, and serves meanwhile. */
async function until<T>(patience: number, look: () => T | undefined): Promise<T | undefined> {
  const end = performance.now() + patience;
  for (;;) {
    serve();
    const result = look();
    if (result !== undefined || performance.now() > end) return result;
    await pause();
  }
}

async function probeAll(probes: readonly Probe[], patience: number): Promise<Outcome[]> {
  const outcomes = new Array<Outcome | undefined>(probes.length).fill(undefined);
  const sockets = probes.map((probe, at) => {
    const socket = PacketSocket.open(probe.from, probe.protocol, probe.to);
    const problem = socket.start(probe.to, "port" in probe ? probe.port : 0, "ask" in probe && probe.ask === "timestamp");
    if (problem !== 0) outcomes[at] = meaning(problem);
    return socket;
  });
  await until(patience, () => {
    sockets.forEach((socket, at) => (outcomes[at] ??= outcomeOf(socket)));
    return outcomes.includes(undefined) ? undefined : true;
  });
  for (const socket of sockets) socket.close();
  return outcomes.map((outcome) => outcome ?? "silent");
}

function outcomeOf(socket: PacketSocket): Outcome | undefined {
  const state = socket.answer();
  return state === undefined ? undefined : state === 0 ? "answered" : meaning(state);
}

/** No way from here is silence to whoever asks; only what a test cannot mean is its mistake. */
function meaning(problem: number): Outcome {
  const { ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EACCES, EPERM, ETIMEDOUT, EINVAL } = constants.errno;
  if (problem === ECONNREFUSED || problem === EHOSTUNREACH || problem === EACCES || problem === EPERM) return "refused";
  if (problem === ENETUNREACH || problem === ETIMEDOUT || problem === EINVAL) return "silent";
  throw new Error(`a probe cannot be sent: ${errnoCodeOf(problem)}`);
}

async function connect(from: string, to: string, port: number, patience: number): Promise<number> {
  const socket = PacketSocket.open(from, "tcp", to);
  const problem = socket.start(to, port, false);
  const state = problem === 0 ? await until(patience, () => socket.connected()) : problem;
  if (state !== 0) throw new Error(`no connection: ${state === undefined ? "silence" : errnoCodeOf(state)}`);
  return connections.push(socket) - 1;
}

async function exchange(at: number, patience: number): Promise<boolean> {
  const socket = connections[at];
  if (socket === undefined) throw new Error(`there is no connection ${at}`);
  if (!socket.send("!")) throw new Error(`cannot send: ${errnoCodeOf(errno())}`);
  return (await until(patience, () => socket.takesByte() || undefined)) === true;
}

function act(request: Request): Promise<unknown> | undefined {
  switch (request.act) {
    case "listen":
      for (const port of request.tcp) listeners.push(PacketSocket.listen(request.namespace, "tcp", port, request.address));
      for (const port of request.udp) listeners.push(PacketSocket.listen(request.namespace, "udp", port, request.address));
      return undefined;
    case "probe":
      return probeAll(request.probes, request.patience);
    case "connect":
      return connect(request.from, request.to, request.port, request.patience);
    case "exchange":
      return exchange(request.connection, request.patience);
  }
}

if (import.meta.main) {
  // Others may ask too, between two requests of ours.
  setInterval(serve, 2).unref();
  for await (const line of console) {
    try {
      process.stdout.write(`${JSON.stringify({ result: (await act(JSON.parse(line) as Request)) ?? null })}\n`);
    } catch (error) {
      process.stdout.write(`${JSON.stringify({ error: (error as Error).message })}\n`);
    }
  }
}
