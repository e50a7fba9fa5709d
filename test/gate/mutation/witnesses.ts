// What would be noticed: who reaches whom (asked of everybody), and what must never pass (frames that lie, ways round the gateways).
// Each is a number or a truth; a witness that answers otherwise than on the untouched machine has noticed.
import { countOnUplink, type PacketCounter } from "../../support/packet-counter.ts";
import type { FakeHost } from "../../support/fake-host.ts";
import { ask } from "../../support/ask-names.ts";
import { startTraffic, type Traffic } from "../../support/traffic.ts";
import { arpFrame, icmp, ipv4Frame, sendFrames } from "../../netns/frames.ts";
import { type PacketWatch, watchPackets } from "../../netns/packet-watch.ts";
import { attachmentNamespace } from "../../../src/drivers/linux/names.ts";
import type { World } from "../../../src/model/world.ts";
import { nodesOf } from "../truth-table/oracle.ts";
import { questionsOf, sayQuestion, type Question } from "../truth-table/questions.ts";

const routerMac = "02:76:00:00:00:01";
const webMac = "02:76:0a:00:01:04";
const ports = { tcp: [80, 443], udp: [54, 5000] };
const echo = { protocol: 1, payload: icmp(8) } as const;

/** Lies of the subnet `web`: each would be let through by the groups, so that only the guard at the port stops it. */
const lies: Readonly<Record<string, Uint8Array>> = {
  "another's address": ipv4Frame({ from: webMac, to: routerMac }, { from: "10.0.2.4", to: "10.0.3.5", ...echo }),
  "another's MAC": ipv4Frame({ from: "02:76:0a:00:02:04", to: routerMac }, { from: "10.0.2.4", to: "10.0.4.5", ...echo }),
  "an ARP question in another's name": arpFrame({ from: webMac, to: "ff:ff:ff:ff:ff:ff" }, { ip: "10.0.2.4", mac: webMac }, "10.0.1.1"),
};

/** Each question for a name outside is a new one: an answer from memory is no witness. */
let asked = 0;

export class Witnesses {
  readonly #host: FakeHost;
  readonly #traffic: Traffic;
  readonly #questions: readonly Question[];
  readonly #heard: PacketWatch;
  readonly #leaked: readonly PacketCounter[];

  private constructor(host: FakeHost, traffic: Traffic, questions: readonly Question[], heard: PacketWatch, leaked: readonly PacketCounter[]) {
    this.#host = host;
    this.#traffic = traffic;
    this.#questions = questions;
    this.#heard = heard;
    this.#leaked = leaked;
  }

  static async call(host: FakeHost, world: World): Promise<Witnesses> {
    // A container behind a bridge of the host's, a service of the host's, and ways that somebody outside or on the host might try.
    await host.sh(`
      ip netns add container; ip link add docker0 type bridge; ip address add 172.30.0.1/24 dev docker0; ip link set docker0 up
      ip link add c0 type veth peer name eth0 netns container; ip link set c0 master docker0 up
      ip -n container address add 172.30.0.2/24 dev eth0; ip -n container link set eth0 up; ip -n container route add default via 172.30.0.1
      ip -n internet -6 address add fd00:ec2::254/128 dev lo nodad
      ip -n internet route add 198.18.0.0/15 via 203.0.113.2
      ip -n internet route add 172.30.0.0/24 via 203.0.113.2
      sysctl -qw net.ipv4.conf.docker0.forwarding=1
      for router in app.router1 web.router2; do
        ip netns exec vpc.shop.$router sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0
      done`);
    const traffic = await startTraffic(host);
    for (const { vpc, path } of nodesOf(world)) await traffic.listen(attachmentNamespace(vpc, path), ports);
    await traffic.listen("internet", { ...ports, tcp: [443], address: "8.8.8.8" });
    await traffic.listen("", { tcp: [80] });
    await traffic.listen("container", { tcp: [80] });
    const heard = await watchPackets(host, "vpc.shop", { family: "bridge", hook: "prerouting priority 0" }, `iifname "v-web"`);
    const leaked = await countOnUplink(host, "ip saddr { 10.0.0.0/8, 198.18.0.0/15, 169.254.0.0/16 }");
    // And what is sent out to addresses that mean nothing there.
    const lost = await countOnUplink(host, "ip daddr { 198.18.0.0/15, 10.0.0.0/8, 169.254.0.0/16, 8.8.4.4 }");
    const lost6 = await countOnUplink(host, "ip6 daddr fd00:1234:5678::/48");
    return new Witnesses(host, traffic, questionsOf(world), heard, [leaked, lost, lost6]);
  }

  /** What all of them say now, by name. */
  async hear(patience: number): Promise<Map<string, string>> {
    const said = new Map<string, string>();
    const leaks = async (): Promise<number> => (await Promise.all(this.#leaked.map((counter) => counter.packets()))).reduce((sum, packets) => sum + packets, 0);
    const leaked = await leaks();
    // Neighbours are asked for anew, or nobody would miss the answers.
    await this.#host.sh("for name in app app.app1 app.router1; do ip -n vpc.shop.$name neighbour flush dev eth0; done");
    const questions = this.#questions.map(({ from, dst, sent }) => {
      const way = { from: from === "host" ? "" : attachmentNamespace(from.vpc, from.path), to: dst };
      return sent.protocol === "tcp" || sent.protocol === "udp" ? { ...way, protocol: sent.protocol, port: sent.port ?? 0 } : { ...way, protocol: "icmp" as const };
    });
    const others = [
      ...["198.18.0.1", "203.0.113.2", "169.254.64.2", "172.30.0.2"].map((to) => ({ from: "vpc.shop.web", to, protocol: "tcp" as const, port: 80 })),
      ...["198.18.0.2", "198.18.0.3", "172.30.0.2"].map((to) => ({ from: "internet", to, protocol: "tcp" as const, port: 80 })),
      ...["10.0.1.1", "10.0.2.1"].map((to) => ({ from: "vpc.shop.web", to, protocol: "icmp" as const })),
      ...["169.254.64.2", "169.254.64.6", "169.254.169.254", "fd00:ec2::254"].map((to) => ({ from: "vpc.shop.web", to, protocol: "icmp" as const })),
      ...["198.18.0.99", "10.0.99.9", "fd00:1234:5678:1::1", "fd00:1234:5678:99::1"].map((to) => ({ from: "vpc.shop.web", to, protocol: "icmp" as const })),
      ...["fd00:1234:5678:1::a00:204", "fd00:1234:5678:2::a00:305"].flatMap((to) => [
        { from: "vpc.shop.web", to, protocol: "icmp" as const },
        { from: "vpc.shop.web", to, protocol: "tcp" as const, port: 80 },
      ]),
      { from: "vpc.shop.db", to: "fd00:1234:5678:3::a00:405", protocol: "tcp" as const, port: 80 },
      { from: "vpc.shop", to: "10.0.1.4", protocol: "icmp" as const },
      { from: "vpc.shop.db", to: "8.8.4.4", protocol: "icmp" as const },
    ];
    const outcomes = await this.#traffic.probe([...questions, ...others], patience);
    this.#questions.forEach((question, at) => said.set(sayQuestion(question), outcomes[at] ?? ""));
    others.forEach((probe, at) => said.set(`${probe.from} to ${probe.to} ${probe.protocol}`, outcomes[questions.length + at] ?? ""));
    // Those who may ask outside are led to another port, and by that the inside is answered too.
    const [inside] = await ask(this.#host, "vpc.shop.app", "10.0.0.2", "A two.shop.internal");
    const [outside] = await ask(this.#host, "vpc.shop.web", "10.0.0.2", `A asked-${++asked}.example.com`);
    said.set("a name inside", inside ?? "").set("a name outside", outside ?? "");
    for (const [name, frame] of Object.entries(lies)) {
      const before = await this.#heard.count();
      await sendFrames(this.#host, "vpc.shop.web", frame);
      said.set(`a lie: ${name}`, `heard ${(await this.#heard.count()) - before} times`);
    }
    const past = await this.#host.run("ip route replace 10.0.1.4 via 169.254.64.3 dev igw-shop onlink && ping -c1 -W0.2 10.0.1.4");
    said.set("host to a private address by the gateway", String(past.exitCode));
    await this.#host.run("ip route delete 10.0.1.4");
    said.set("untranslated on the uplink", `${(await leaks()) - leaked} packets`);
    return said;
  }

  /** Who says something else now. */
  async notice(untouched: ReadonlyMap<string, string>): Promise<string[]> {
    const different = (said: ReadonlyMap<string, string>): string[] => [...untouched].filter(([name, answer]) => said.get(name) !== answer).map(([name]) => name);
    const first = different(await this.hear(120));
    // A busy machine is no witness: what was silent is asked again, more patiently.
    return first.length === 0 ? first : different(await this.hear(500)).filter((name) => first.includes(name));
  }
}
