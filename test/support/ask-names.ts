// Questions to a name server from inside a namespace, by a resolver library that nobody here has written (c-ares).
import type { FakeHost } from "./fake-host.ts";

/** `A web.a.internal`, `PTR 10.0.1.4`, `TXT ...`, or `TCP web.a.internal` for an A over TCP. */
export type Question = `${"A" | "AAAA" | "PTR" | "TXT" | "CNAME" | "TCP"} ${string}`;

/** The answers in order: values joined by a comma, or the error's code. A server that says nothing within a second is `ETIMEOUT`. */
export async function ask(host: FakeHost, namespace: string, server: string, ...questions: readonly Question[]): Promise<string[]> {
  const run = ["ip", "netns", "exec", namespace, process.execPath, "-e", program, server, ...questions];
  const answer = await host.sh(run, { environment: { BUN_BE_BUN: "1" } });
  return JSON.parse(answer) as string[];
}

const program = `
const { Resolver } = require("node:dns").promises;
const [server, ...questions] = process.argv.slice(1);
const resolver = new Resolver({ timeout: 1000, tries: 1 });
resolver.setServers([server]);
const byTcp = (name) => new Promise((resolve) => {
  const labels = name.split(".").flatMap((label) => [label.length, ...Buffer.from(label)]);
  const query = [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1];
  const socket = require("node:net").connect(53, server, () => socket.write(Buffer.from([0, query.length, ...query])));
  socket.on("data", (reply) => { socket.destroy(); resolve([[...reply.subarray(-4)].join(".")]); });
  socket.on("error", (error) => resolve([error.code]));
  setTimeout(() => { socket.destroy(); resolve(["ETIMEOUT"]); }, 1000).unref();
});
const ways = {
  AAAA: (name) => resolver.resolve6(name),
  A: (name) => resolver.resolve4(name),
  PTR: (address) => resolver.reverse(address),
  TXT: (name) => resolver.resolveTxt(name),
  CNAME: (name) => resolver.resolveCname(name),
  TCP: byTcp,
};
const answers = await Promise.all(questions.map((question) => {
  const [type, name] = question.split(" ");
  return ways[type](name).then((found) => found.flat().toSorted().join(","), (error) => error.code);
}));
console.log(JSON.stringify(answers));
`;
