// What is not ours, or not asked for, stays: also when it bears a name that could be ours.
import { expect } from "bun:test";
import { eventually } from "../support/eventually.ts";
import { sandboxTest } from "../support/sandbox-test.ts";

sandboxTest("cleanup of one VPC does not forget that a command on another was killed", async (host) => {
  await host.sh(`vpcctl create-vpc a 10.0.0.0/16; vpcctl create-vpc b 10.0.0.0/16; vpcctl add-subnet b s 10.0.1.0/24`);
  // As `delete-vpc b --force` leaves it when it is killed after it has saved: the World without b, the machine with it.
  await host.sh(`vpcctl delete-subnet b s && vpcctl delete-vpc b`);
  await host.sh(`ip netns add vpc.b && ip -n vpc.b link set lo alias "vpcctl vpc b"`);
  await host.sh(`echo '{"command":"vpcctl delete-vpc b","scope":[{"vpc":"b"}]}' > $VPCCTL_STATE_DIR/journal.json`);
  await host.sh(`vpcctl cleanup a`);
  expect(await host.sh(`vpcctl create-vpc c 10.0.0.0/16`)).toContain("An earlier command had been interrupted");
  expect(await host.sh(`ls /run/netns`)).not.toContain("vpc.b");
  expect(await host.sh(`ls $VPCCTL_STATE_DIR`)).not.toContain("journal.json");
});

sandboxTest("a namespace that somebody put in the place of a subnet's is not deleted, nor what runs in it ended", async (host) => {
  await host.sh(`vpcctl create-vpc a 10.0.0.0/16; vpcctl add-subnet a s 10.0.1.0/24`);
  await host.sh(`ip netns delete vpc.a.s; ip netns add vpc.a.s`);
  const child = host.start("exec ip netns exec vpc.a.s sleep 60");
  await eventually("a program runs in it", async () => (await host.sh("ip netns pids vpc.a.s")) !== "");
  await host.sh(`vpcctl delete-subnet a s; vpcctl delete-vpc a; vpcctl cleanup`);
  expect(await host.sh("ip netns pids vpc.a.s")).not.toBe("");
  child.kill();
});

sandboxTest("tables of our name in other families and rules with comments like ours stay", async (host) => {
  await host.sh(`
    nft add table bridge vpcctl; nft add chain bridge vpcctl mine; nft add set bridge vpcctl macs '{ type ether_addr; }'
    nft add table ip filter; nft add chain ip filter FORWARD '{ type filter hook forward priority 0; policy drop; }'
    nft add rule ip filter FORWARD iifname eth5 accept comment '"vpcctl notes"'`);
  const before = await host.sh("nft list ruleset");
  await host.sh(`vpcctl create-vpc a 10.0.0.0/16; vpcctl add-subnet a s 10.0.1.0/24; vpcctl enable-internet a s`);
  expect(await host.ping("vpc.a.s", "8.8.8.8")).toBe(true);
  await host.sh(`vpcctl cleanup`);
  expect(await host.sh("nft list ruleset")).toBe(before);
});

sandboxTest("cleanup passes by what others keep where workloads are recorded", async (host) => {
  const directory = "/run/vpcctl/workloads";
  await host.sh(`mkdir -p ${directory}/Foo ${directory}/.git/objects ${directory}/.web.0123456789abcdef; echo x > ${directory}/notes`);
  expect(await host.sh("vpcctl workloads")).toContain("No workload");
  await host.sh("vpcctl cleanup");
  expect(await host.sh(`ls -A ${directory}`)).toBe(".git\nFoo\nnotes\n");
});

sandboxTest("an empty name of a directory does not mean the current one", async (host) => {
  const environment = { VPCCTL_STATE_DIR: "", VPCCTL_RUNTIME_DIR: "" };
  await host.sh("mkdir -p /run/here/workloads/.web.0123456789abcdef; mount -t tmpfs none /var/lib");
  await host.sh("cd /run/here && vpcctl create-vpc a 10.0.0.0/16 && vpcctl cleanup", { environment });
  expect(await host.sh("find /run/here")).toBe("/run/here\n/run/here/workloads\n/run/here/workloads/.web.0123456789abcdef\n");
});

sandboxTest("what was run is shown without what a terminal would obey", async (host) => {
  await host.sh(`vpcctl create-vpc a 10.0.0.0/16; vpcctl add-subnet a s 10.0.1.0/24`);
  await host.sh(["vpcctl", "run-workload", "a", "s", "--detach", "--name", "w", "sleep 60 # \u001b[31m\u0007\nmore"]);
  for (const command of ["workloads", "log"]) {
    const shown = await host.sh(`vpcctl ${command}`);
    expect(shown).toContain("\\u001b[31m\\u0007\\u000amore");
    expect(shown).not.toMatch(/[\u0007\u001b]/);
  }
  await host.sh(`vpcctl cleanup`);
});

sandboxTest("a host that was told to forward while a VPC had internet goes on forwarding, also after cleanup", async (host) => {
  const key = (name: string): string => `/proc/sys/net/ipv4/${name}`;
  const settings = `cat ${key("ip_forward")} ${key("conf/uplink0/forwarding")}`;
  // A container's network, as Docker makes it when it is started later.
  const container = `
    echo 1 > ${key("ip_forward")}
    ip link add docker0 type bridge; ip address add 172.17.0.1/16 dev docker0; ip link set docker0 up; ip netns add box
    ip link add box type veth peer name eth0 netns box; ip link set box master docker0 up
    ip -n box address add 172.17.0.2/16 dev eth0; ip -n box link set eth0 up; ip -n box route add default via 172.17.0.1
    nft 'add table ip nat; add chain ip nat out { type nat hook postrouting priority 100; }; add rule ip nat out ip saddr 172.17.0.0/16 masquerade'`;
  await host.sh(`vpcctl create-vpc a 10.0.0.0/16; vpcctl add-subnet a s 10.0.1.0/24; vpcctl enable-internet a s`);
  await host.sh(container);
  expect(await host.ping("vpc.a.s", "8.8.8.8")).toBe(true);
  // Any command that looks at the machine notices it.
  expect(await host.sh("vpcctl enable-internet a s")).toContain("Put right");
  expect(await host.ping("box", "8.8.8.8")).toBe(true);
  expect(await host.sh("vpcctl enable-internet a s")).toContain("Nothing to do");
  await host.sh("vpcctl cleanup");
  expect(await host.sh(settings)).toBe("1\n1\n");
  expect(await host.ping("box", "8.8.8.8")).toBe(true);
});

sandboxTest("cleanup alone notices it as well, and an uplink that alone did not forward is put back", async (host) => {
  const build = `vpcctl create-vpc a 10.0.0.0/16; vpcctl add-subnet a s 10.0.1.0/24; vpcctl enable-internet a s`;
  const settings = "cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/uplink0/forwarding";
  await host.sh(`${build}; echo 1 > /proc/sys/net/ipv4/ip_forward; vpcctl cleanup`);
  expect(await host.sh(settings)).toBe("1\n1\n");
  await host.sh(`echo 0 > /proc/sys/net/ipv4/conf/uplink0/forwarding; ${build}`);
  expect(await host.sh(settings)).toBe("1\n1\n");
  expect(await host.sh("vpcctl enable-internet a s")).toContain("Nothing to do");
  await host.sh(`ip netns delete vpc.a; vpcctl cleanup`);
  expect(await host.sh(settings)).toBe("1\n0\n");
});

sandboxTest("a public subnet does not reach the containers of its host, whose firewall drops what it does not know", async (host) => {
  await host.sh(`
    echo 1 > /proc/sys/net/ipv4/ip_forward
    ip link add docker0 type bridge; ip address add 172.17.0.1/16 dev docker0; ip link set docker0 up; ip netns add box
    ip link add box type veth peer name eth0 netns box; ip link set box master docker0 up
    ip -n box address add 172.17.0.2/16 dev eth0; ip -n box link set eth0 up; ip -n box route add default via 172.17.0.1
    nft 'add table ip filter; add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }'
    vpcctl create-vpc a 10.0.0.0/16; vpcctl add-subnet a s 10.0.1.0/24; vpcctl enable-internet a s`);
  expect(await host.ping("vpc.a.s", "8.8.8.8")).toBe(true);
  expect(await host.ping("", "172.17.0.2")).toBe(true);
  expect(await host.ping("vpc.a.s", "172.17.0.2")).toBe(false);
  // The guard taken away, it would.
  await host.sh(`nft delete rule inet vpcctl forward handle "$(nft -a list chain inet vpcctl forward | sed -n 's/.*oifkind.*# handle //p')"`);
  expect(await host.ping("vpc.a.s", "172.17.0.2")).toBe(true);
});

sandboxTest("a host whose uplink is a bridge gives its VPCs internet", async (host) => {
  await host.sh(`
    address=$(ip -4 -o address show dev uplink0 | sed 's/.*inet \\([^ ]*\\).*/\\1/'); gateway=$(ip route show default | sed 's/.*via \\([^ ]*\\).*/\\1/')
    ip link add br0 type bridge; ip address flush dev uplink0; ip link set uplink0 master br0; ip link set br0 up
    ip address add $address dev br0; ip route add default via $gateway
    vpcctl create-vpc a 10.0.0.0/16; vpcctl add-subnet a s 10.0.1.0/24; vpcctl enable-internet a s`);
  expect(await host.ping("vpc.a.s", "8.8.8.8")).toBe(true);
  expect(await host.sh("vpcctl enable-internet a s")).toContain("Nothing to do");
});

sandboxTest("a link of the name that a gateway would have stays, and the command that needs the name is refused", async (host) => {
  await host.sh("ip link add igw-a type bridge; vpcctl create-vpc a 10.0.0.0/16; vpcctl add-subnet a s 10.0.1.0/24");
  const link = "ip -d -j link show igw-a";
  const before = await host.sh(link);
  expect((await host.run("vpcctl enable-internet a s")).exitCode).toBe(4);
  await host.sh("vpcctl delete-vpc a --force; vpcctl cleanup");
  expect(await host.sh(link)).toBe(before);
});

sandboxTest("a journal that nobody can read is no obstacle", async (host) => {
  for (const text of ["", "{", "[]", `{"command":"x","scope":{}}`, `{"command":"x","scope":null}`]) {
    await host.sh(["sh", "-c", `mkdir -p $VPCCTL_STATE_DIR; printf %s "$1" > $VPCCTL_STATE_DIR/journal.json; vpcctl create-vpc a 10.0.0.0/16`, "sh", text]);
  }
});

sandboxTest("words that every object of the language knows are words like any other", async (host) => {
  for (const word of ["constructor", "toString", "__proto__"]) {
    const { exitCode, stderr } = await host.run(["vpcctl", word]);
    expect(stderr).toContain(`There is no command "${word}".`);
    expect(exitCode).toBe(2);
  }
  await host.sh("vpcctl create-vpc constructor 10.0.0.0/16; vpcctl add-subnet constructor constructor 10.0.1.0/24; vpcctl enable-internet constructor constructor");
  await host.sh("vpcctl test-connectivity constructor");
});
