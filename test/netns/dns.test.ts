// The resolver of a VPC, asked for real.
import { describe, expect } from "bun:test";
import { ask } from "../support/ask-names.ts";
import type { FakeHost } from "../support/fake-host.ts";
import { diffSnapshots, snapshotHost } from "../support/host-snapshot.ts";
import { sandboxTest } from "../support/sandbox-test.ts";
import { watchPackets } from "./packet-watch.ts";
import { buildTutorialVpc, privateDb, publicWeb, router, vpcctl } from "./tutorial-vpc.ts";

const resolver = "10.0.0.2";

async function buildWithDns(host: FakeHost): Promise<void> {
  await buildTutorialVpc(host);
  await vpcctl(host, "enable-dns company-a");
}

const inRouter = (host: FakeHost, commands: string) => host.sh(["ip", "netns", "exec", router, "nft", commands]);
const servers = async (host: FakeHost): Promise<number> => Number(await host.sh("cat /proc/[0-9]*/comm | grep -c dnsmasq || true"));
/** And waits until they have ended: until then the next command may still find them. */
const killServers = (host: FakeHost, files: string) =>
  host.sh(`cd /run/vpcctl/dns/company-a; for pid in $(cat ${files}); do kill -KILL $pid; while [ -e /proc/$pid ]; do sleep 0.01; done; done`);

describe("inside a VPC", () => {
  sandboxTest("everything has a name and every address has one, at each of the resolver's addresses, over UDP and TCP", async (host) => {
    await buildWithDns(host);
    await vpcctl(host, "run-instance company-a private-db --name db1");
    const db1 = (await ask(host, publicWeb, resolver, "A db1.company-a.internal"))[0] ?? "";
    expect(db1).toMatch(/^10\.0\.2\.\d+$/);
    const label = `ip-${db1.replaceAll(".", "-")}`;
    for (const server of [resolver, "10.0.1.2", "10.0.2.2", "169.254.169.253"]) {
      for (const namespace of [publicWeb, privateDb]) {
        const names = ["A public-web.company-a.internal", "TCP private-db.company-a.internal", `A ${label}.company-a.internal`] as const;
        const answers = await ask(host, namespace, server, ...names, `PTR ${db1}`, "A nobody.company-a.internal");
        expect(answers).toEqual(["10.0.1.4", "10.0.2.4", db1, "db1.company-a.internal", "ENOTFOUND"]);
      }
    }
    await vpcctl(host, "terminate-instance company-a db1");
    expect(await ask(host, publicWeb, resolver, "A db1.company-a.internal")).toEqual(["ENOTFOUND"]);
  });

  sandboxTest("a private zone is answered from the moment its record is made until it is deleted", async (host) => {
    await buildWithDns(host);
    const questions = ["A one.db.example", "CNAME two.db.example", "A two.db.example", "TXT note.db.example"] as const;
    await vpcctl(host, "create-private-zone company-a db.example");
    expect(await ask(host, privateDb, resolver, ...questions)).toEqual(Array(4).fill("ENOTFOUND"));
    // The make-believe internet knows every name in `.example`, so an answer from there would show.
    expect(await ask(host, publicWeb, resolver, "A one.db.example", "A one.else.example")).toEqual(["ENOTFOUND", "198.51.100.80"]);
    await vpcctl(host, "create-record company-a one.db.example A 10.0.2.4", "create-record company-a one.db.example A 10.0.2.9");
    await vpcctl(host, "create-record company-a two.db.example CNAME one.db.example", "create-record company-a note.db.example TXT 'hello, you'");
    for (const namespace of [publicWeb, privateDb]) {
      expect(await ask(host, namespace, resolver, ...questions)).toEqual(["10.0.2.4,10.0.2.9", "one.db.example", "10.0.2.4,10.0.2.9", "hello, you"]);
    }
    await vpcctl(host, "delete-private-zone company-a db.example --force");
    expect(await ask(host, publicWeb, resolver, "A one.db.example")).toEqual(["198.51.100.80"]);
  });

  sandboxTest("an alias that would lead in a circle is refused, and names are there as before", async (host) => {
    await buildWithDns(host);
    await vpcctl(host, "create-private-zone company-a db.example", "create-record company-a one.db.example CNAME two.db.example");
    for (const [name, target] of [["two", "one"], ["self", "self"]] as const) {
      const { exitCode, stderr } = await host.run(`vpcctl create-record company-a ${name}.db.example CNAME ${target}.db.example`);
      expect([exitCode, stderr.includes("InvalidChangeBatch")]).toEqual([4, true]);
    }
    await vpcctl(host, "create-record company-a two.db.example CNAME private-db.company-a.internal");
    expect(await ask(host, privateDb, resolver, "A one.db.example", "A public-web.company-a.internal")).toEqual(["10.0.2.4", "10.0.1.4"]);
  });

  sandboxTest("no network ACL or security group keeps anybody from the resolver, only the router itself could", async (host) => {
    await buildWithDns(host);
    await vpcctl(host, "create-network-acl company-a closed", "associate-network-acl company-a public-web closed");
    await vpcctl(host, "create-security-group company-a mute", "revoke-egress company-a mute --protocol all --cidr 0.0.0.0/0");
    await vpcctl(host, "set-security-groups company-a public-web --security-group mute");
    expect(await host.ping(publicWeb, "10.0.2.4")).toBe(false);
    const questions = ["A private-db.company-a.internal", "A www.google.com"] as const;
    expect(await ask(host, publicWeb, resolver, ...questions)).toEqual(["10.0.2.4", "198.51.100.80"]);
    await inRouter(host, "flush chain inet vpcctl input");
    expect(await ask(host, publicWeb, resolver, ...questions)).toEqual(["ETIMEOUT", "ETIMEOUT"]);
  });

  sandboxTest("workloads ask the resolver, and need not write the domain", async (host) => {
    await buildWithDns(host);
    const look = 'run-workload company-a private-db "getent hosts public-web; cat /etc/resolv.conf"';
    expect(await vpcctl(host, look)).toBe("10.0.1.4        public-web.company-a.internal\n# The resolver of the VPC.\nnameserver 10.0.0.2\nsearch company-a.internal\n");
    await vpcctl(host, "disable-dns company-a");
    expect(await vpcctl(host, look.replace("getent hosts public-web", "true"))).toContain("nameserver 8.8.8.8");
  });

  sandboxTest("speak IPv6 where the VPC does: names have both addresses, and the resolver one more", async (host) => {
    await buildWithDns(host);
    await vpcctl(host, "associate-ipv6-cidr company-a fd00:1:2::/56");
    const questions = ["AAAA private-db.company-a.internal", "PTR fd00:1:2:1::a00:204", "A www.google.com"] as const;
    for (const server of ["fd00:ec2::253", resolver]) {
      expect(await ask(host, publicWeb, server, ...questions)).toEqual(["fd00:1:2:1::a00:204", "private-db.company-a.internal", "198.51.100.80"]);
      expect(await ask(host, privateDb, server, ...questions)).toEqual(["fd00:1:2:1::a00:204", "private-db.company-a.internal", "EREFUSED"]);
    }
    await vpcctl(host, "disassociate-ipv6-cidr company-a");
    expect(await ask(host, publicWeb, resolver, "AAAA private-db.company-a.internal")).toEqual(["ENOTFOUND"]);
  });

  sandboxTest("two VPCs with the same addresses have their own names", async (host) => {
    await buildWithDns(host);
    await vpcctl(host, "create-vpc b 10.0.0.0/16", "add-subnet b web 10.0.1.0/24", "enable-dns b");
    expect(await ask(host, "vpc.b.web", resolver, "PTR 10.0.1.4", "A public-web.company-a.internal")).toEqual(["web.b.internal", "EREFUSED"]);
    expect(await ask(host, publicWeb, resolver, "PTR 10.0.1.4", "A web.b.internal")).toEqual(["public-web.company-a.internal", "ENOTFOUND"]);
  });
});

describe("names outside", () => {
  sandboxTest("are looked up for who can go there, and nothing that a private subnet asks leaves the router", async (host) => {
    await buildWithDns(host);
    const leaving = await watchPackets(host, "", { family: "inet", hook: "prerouting priority -400" }, 'iifname "igw-company-a"');
    expect(await ask(host, privateDb, resolver, "A www.google.com", "TXT secret.example")).toEqual(["EREFUSED", "EREFUSED"]);
    // Nor at the port where the other server listens.
    expect(await ask(host, privateDb, "10.0.0.2:5300", "A www.google.com")).toEqual(["ETIMEOUT"]);
    expect(await leaving.count()).toBe(0);
    expect(await ask(host, publicWeb, resolver, "A www.google.com", "TCP secret.example")).toEqual(["198.51.100.80", "198.51.100.80"]);
    expect(await leaving.count()).toBeGreaterThan(0);
    await inRouter(host, "add element inet vpcctl outside-askers { 02:76:0a:00:02:04 }");
    expect(await ask(host, privateDb, resolver, "A www.google.com")).toEqual(["198.51.100.80"]);
  });

  sandboxTest("come and go with the way to the internet", async (host) => {
    await buildWithDns(host);
    expect(await servers(host)).toBe(2);
    await vpcctl(host, "disable-internet company-a public-web");
    expect(await servers(host)).toBe(1);
    expect(await ask(host, publicWeb, resolver, "A www.google.com", "A private-db.company-a.internal")).toEqual(["EREFUSED", "10.0.2.4"]);
    await vpcctl(host, "enable-internet company-a private-db");
    expect(await ask(host, privateDb, resolver, "A www.google.com")).toEqual(["198.51.100.80"]);
  });

  sandboxTest("are looked up for those whose way out is IPv6 alone, or a router instance", async (host) => {
    const commands = ["create-vpc company-a 10.0.0.0/16 --ipv6", "add-subnet company-a private-db 10.0.2.0/24", "enable-dns company-a"];
    await vpcctl(host, ...commands, "create-egress-only-internet-gateway company-a");
    const google = async () => (await ask(host, privateDb, resolver, "A www.google.com"))[0];
    expect(await google()).toBe("EREFUSED");
    await vpcctl(host, "create-route company-a main ::/0 egress-only-internet-gateway");
    expect(await google()).toBe("198.51.100.80");
    await vpcctl(host, "delete-route company-a main ::/0", "add-subnet company-a public-web 10.0.1.0/24", "enable-internet company-a public-web");
    await vpcctl(host, "run-instance company-a public-web --name fw --public", "create-route company-a main 0.0.0.0/0 instance/fw");
    expect(await google()).toBe("EREFUSED");
    await vpcctl(host, "modify-instance company-a fw --source-dest-check false");
    expect(await google()).toBe("198.51.100.80");
    await vpcctl(host, "stop-instance company-a fw");
    expect(await google()).toBe("EREFUSED");
  });
});

describe("the name servers", () => {
  sandboxTest("that were killed are started by the next command, and are right when a name has changed meanwhile", async (host) => {
    await buildWithDns(host);
    await killServers(host, "inside.pid outside.pid");
    expect(await ask(host, privateDb, resolver, "A public-web.company-a.internal")).not.toEqual(["10.0.1.4"]);
    expect(await vpcctl(host, "enable-dns company-a")).toStartWith("Put right");
    expect(await ask(host, privateDb, resolver, "A public-web.company-a.internal")).toEqual(["10.0.1.4"]);
    await killServers(host, "inside.pid");
    await vpcctl(host, "add-subnet company-a third 10.0.3.0/24");
    expect(await ask(host, privateDb, "10.0.3.2", "A third.company-a.internal")).toEqual(["10.0.3.4"]);
  });

  sandboxTest("move along when the router was taken away and is made anew", async (host) => {
    await buildWithDns(host);
    await host.sh(`ip netns delete ${router}`);
    await vpcctl(host, "enable-dns company-a");
    expect(await ask(host, privateDb, resolver, "A public-web.company-a.internal")).toEqual(["10.0.1.4"]);
    expect(await servers(host)).toBe(2);
  });

  for (const end of ["disable-dns company-a", "delete-vpc company-a --force", "cleanup company-a", "cleanup"]) {
    sandboxTest(`leave nothing behind after ${end}`, async (host) => {
      await buildTutorialVpc(host);
      const [before, without] = [await snapshotHost(host), await servers(host)];
      await vpcctl(host, "enable-dns company-a", "create-private-zone company-a db.internal", end);
      expect([await servers(host), without]).toEqual([0, 0]);
      expect((await host.run("ls /run/vpcctl/dns")).exitCode).not.toBe(0);
      // In the router rules have new handles, and its first TCP server has made the kernel choose a key.
      const changed = diffSnapshots(before, await snapshotHost(host)).filter((line) => !line.startsWith(`${router}: `));
      if (end === "disable-dns company-a") expect(changed).toEqual([]);
      expect((await host.run("vpcctl cleanup")).stdout).not.toContain("ended");
    });
  }

  sandboxTest("cannot be had without the program, and then nothing has been touched", async (host) => {
    await buildTutorialVpc(host);
    await host.sh("mount --bind /dev/null $(PATH=$PATH:/usr/sbin command -v dnsmasq)");
    const before = await snapshotHost(host);
    const { exitCode, stderr } = await host.run("vpcctl enable-dns company-a");
    expect([exitCode, stderr.includes("apt-get install dnsmasq-base")]).toEqual([5, true]);
    expect(diffSnapshots(before, await snapshotHost(host))).toEqual([]);
  });

  sandboxTest("are part of what --dry-run prints, and that script starts the same", async (host) => {
    await buildTutorialVpc(host);
    const script = await vpcctl(host, "enable-dns company-a --dry-run");
    expect(await servers(host)).toBe(0);
    await host.sh(["bash", "-c", script]);
    expect(await ask(host, privateDb, resolver, "A public-web.company-a.internal", "A www.google.com")).toEqual(["10.0.1.4", "EREFUSED"]);
    expect(await vpcctl(host, "enable-dns company-a")).not.toContain("Put right");
  });
});
