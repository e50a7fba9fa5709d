// The packets of the guide: for each feature one that passes because of it, and one that does not, on VPCs as small as can be.
import { host, internet } from "./trace.ts";
import { describeWalks, type Walk } from "./walk.ts";

const router = "vpc.shop";
const at = (path: string): string => `${router}.${path}`;
const shop = ["create-vpc shop 10.0.0.0/16", "add-subnet shop web 10.0.1.0/24", "add-subnet shop db 10.0.2.0/24"];
const withPeer = [...shop, "create-vpc lab 10.5.0.0/16", "add-subnet lab bench 10.5.1.0/24"];
const ping = "--protocol icmp --icmp-type 8";

const walks: Readonly<Record<string, readonly Walk[]>> = {
  instances: [
    {
      title: "A packet's walk: two instances of one subnet",
      says: "`web1` pings its neighbour `web2`. Their ports are isolated, so even inside a subnet everything goes through the router, and through both instances' groups.",
      build: [...shop, "run-instance shop web --name web1", "run-instance shop web --name web2"],
      from: at("web.web1"),
      to: "10.0.1.6",
      path: [at("web.web1"), router, at("web.web2")],
    },
  ],
  "security-groups": [
    {
      title: "A packet's walk: allowed by a group's rule",
      says: "`db` is in a group that lets members of `default` ping it, and nothing else. Two gates: what the sender's group lets out, what the receiver's lets in.",
      build: [...shop, "create-security-group shop db", `authorize-ingress shop db ${ping} --group default`, "set-security-groups shop db --security-group db"],
      from: at("web"),
      to: "10.0.2.4",
      path: [at("web"), router, at("db")],
    },
    {
      title: "A packet's walk: no rule allows it",
      says: "The same without the rule: the sender's gate lets it out, the receiver's ends with a drop.",
      build: [...shop, "create-security-group shop db", "set-security-groups shop db --security-group db"],
      from: at("web"),
      to: "10.0.2.4",
      path: [at("web"), router],
      notIn: [at("db")],
    },
  ],
  "network-acls": [
    {
      title: "A packet's walk: denied by a network ACL",
      says: "The subnet `db` has an ACL whose first entry denies what comes from `web`. The packet is dropped at the subnet's edge, before any group is asked.",
      build: [
        ...shop,
        "create-network-acl shop strict",
        "create-network-acl-entry shop strict --rule-number 90 --ingress --action deny --protocol all --cidr 10.0.1.0/24",
        "create-network-acl-entry shop strict --rule-number 100 --ingress --action allow --protocol all --cidr 0.0.0.0/0",
        "associate-network-acl shop db strict",
      ],
      from: at("web"),
      to: "10.0.2.4",
      path: [at("web"), router],
      notIn: [at("db")],
    },
  ],
  "route-tables": [
    {
      title: "A packet's walk: by way of a router instance",
      says:
        "`db` has a route table that leads to the instance `fw`, which may send what is not its own. The packet passes the router twice: to the instance, and from " +
        "there out under `db`'s public address. The answer comes straight back.",
      build: [
        ...shop,
        "run-instance shop web --name fw",
        "modify-instance shop fw --source-dest-check false",
        `!ip netns exec ${at("web.fw")} sysctl -qw net.ipv4.ip_forward=1`,
        "enable-internet shop web",
        "allocate-address out",
        "associate-address out shop --subnet db",
        "create-route-table shop by-fw",
        "create-route shop by-fw 8.8.8.8/32 instance/fw",
        "associate-route-table shop db by-fw",
      ],
      from: at("db"),
      to: "8.8.8.8",
      path: [at("db"), router, at("web.fw"), host, internet],
    },
    {
      title: "A packet's walk: a route that leads nowhere",
      says: "A route to `blackhole`, as any route whose target is gone: silence.",
      build: [...shop, "create-route shop main 203.0.113.0/24 blackhole"],
      from: at("db"),
      to: "203.0.113.9",
      path: [at("db"), router],
    },
  ],
  internet: [
    {
      title: "A packet's walk: out under a public address",
      says: "`web` has a public address of its own; outside there is only that. The host translates once more, to its own address.",
      build: [...shop, "enable-internet shop web"],
      from: at("web"),
      to: "8.8.8.8",
      path: [at("web"), router, host, internet],
    },
    {
      title: "A packet's walk: out by a NAT gateway",
      says: "`db` is private; its route table leads to the NAT gateway, and its packets leave under the gateway's Elastic IP.",
      build: [
        ...shop,
        "enable-internet shop web",
        "create-nat-gateway shop web nat1",
        "create-route-table shop private",
        "create-route shop private 0.0.0.0/0 nat-gateway/nat1",
        "associate-route-table shop db private",
      ],
      from: at("db"),
      to: "8.8.8.8",
      path: [at("db"), router, host, internet],
    },
  ],
  peering: [
    {
      title: "A packet's walk: to a peered VPC",
      says: "`web` pings `bench` in the VPC `lab`, under a rule of `bench`'s group that lets it in. Each router asks its own side's groups.",
      build: [...withPeer, "peer shop lab", `authorize-ingress lab default ${ping} --cidr 10.0.0.0/16`],
      from: at("web"),
      to: "10.5.1.4",
      path: [at("web"), router, "vpc.lab", "vpc.lab.bench"],
    },
    {
      title: "A packet's walk: not peered",
      says: "The same two VPCs without the peering: no route, silence.",
      build: withPeer,
      from: at("web"),
      to: "10.5.1.4",
      path: [at("web"), router],
      notIn: ["vpc.lab", "vpc.lab.bench"],
    },
  ],
  dns: [
    {
      title: "A packet's walk: to the resolver",
      says:
        "`web` is behind a network ACL that denies everything, and pings the resolver. A question takes the same way. It is for the router itself, so it never sees " +
        "chain `forward`, where the ACL is.",
      build: [...shop, "enable-dns shop", "create-network-acl shop closed", "associate-network-acl shop web closed"],
      from: at("web"),
      to: "10.0.0.2",
      path: [at("web"), router],
    },
  ],
  shaping: [
    {
      title: "A packet's walk: through a slow wire",
      says:
        "`web` has 10 Mbit/s each way, and pings `db`. Where the packet enters the router by the bridge, a chain of family `netdev` gives it a class by its MAC and sends it " +
        "to the block `shape` to wait; after routing the answer gets its class by its next hop, and waits at the bridge.",
      build: [...shop, "shape shop web --bandwidth 10mbit"],
      from: at("web"),
      to: "10.0.2.4",
      path: [at("web"), router, at("db")],
    },
  ],
  analyze: [
    {
      title: "A packet's walk: two settings in the way",
      says:
        "`db` is in a group that lets nothing in, and behind an ACL that denies everything. `vpcctl analyze shop/web shop/db` names both. The packet shows only the " +
        "first: the ACL at the subnet's edge. Who mends that alone is stopped at the next.",
      build: [
        ...shop,
        "create-security-group shop shut",
        "set-security-groups shop db --security-group shut",
        "create-network-acl shop closed",
        "associate-network-acl shop db closed",
      ],
      from: at("web"),
      to: "10.0.2.4",
      path: [at("web"), router],
      notIn: [at("db")],
    },
  ],
  faults: [
    {
      title: "A packet's walk: into a partition",
      says: "A partition between `web` and `db` drops everything before any other rule is asked.",
      build: [...shop, "partition shop web db"],
      from: at("web"),
      to: "10.0.2.4",
      path: [at("web"), router],
      notIn: [at("db")],
    },
  ],
  ipv6: [
    {
      title: "A packet's walk: by IPv6",
      says: "`web` pings `db` by IPv6. The same ports, the same gates.",
      build: ["create-vpc shop 10.0.0.0/16", "associate-ipv6-cidr shop fd00:1234:5678::/56", ...shop.slice(1)],
      from: at("web"),
      to: "fd00:1234:5678:1::a00:204",
      path: [at("web"), router, at("db")],
    },
    {
      title: "A packet's walk: not in by the egress-only internet gateway",
      says:
        "The host pings `web`, whose group lets everybody in, but whose route table leads out by the egress-only internet gateway. The host sends it to the " +
        "router, and there no line lets it go on.",
      build: [
        "create-vpc shop 10.0.0.0/16",
        "associate-ipv6-cidr shop fd00:1234:5678::/56",
        ...shop.slice(1, 2),
        "create-egress-only-internet-gateway shop",
        "create-route shop main ::/0 egress-only-internet-gateway",
        "authorize-ingress shop default --protocol all --cidr ::/0",
      ],
      from: host,
      to: "fd00:1234:5678::a00:104",
      path: [host, router],
      notIn: [at("web")],
    },
  ],
};

/** Names of all blocks there are walks for. */
export const walkBlocks: readonly string[] = Object.keys(walks).map((feature) => `walk-${feature}`);

/** The walks of one feature, by the name of its block: `walk-peering`. */
export function generateWalks(block: string): Promise<string> {
  const found = walks[block.replace(/^walk-/, "")];
  if (found === undefined) throw new Error(`There are no walks for ${block}.`);
  return describeWalks(found);
}
