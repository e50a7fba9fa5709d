// What can drift away on a machine, and the steps that bring it back: no more and no fewer, in this order.
import { type Attachment, away, bridgeAnew, bridgeTableAnew, entry, known, listed, ofPrivate, ofPublic, pairOfPublic, wire } from "./attachment-steps.ts";
import { privateDb, publicWeb, router } from "./tutorial-vpc.ts";

export interface Drift {
  /** Shell lines of somebody who should not have. */
  readonly damage: string;
  /** The words after `vpcctl` that mend it; absent: those that gave the public subnet its internet. */
  readonly command?: string;
  readonly steps: readonly string[];
}

const inRouter = (command: string): string => `ip -n ${router} ${command}`;
const inPublic = (command: string): string => `ip -n ${publicWeb} ${command}`;
const nftInRouter = (commands: string): string => `ip netns exec ${router} nft '${commands}'`;

/** The kernel takes a namespace apart a little later, and its links with it. */
const namespaceGone = ({ namespace, port }: Attachment): string => `ip netns delete ${namespace}; while ${inRouter(`link show ${port}`)} >/dev/null 2>&1; do :; done`;

const named = (kind: string, ...names: readonly string[]): string[] => names.map((name) => `add nft ${kind} ${router} inet ${name}`);

const inetTableAnew = [
  `add nft table ${router} inet`,
  ...named("set", "egress", "ingress", "identities"),
  ...named("chain", "input", "to-receiver", "forward"),
  ...named("set", "public-out", "public-in", "nat-gateways"),
  ...named("chain", "prerouting", "postrouting"),
  ...["in", "out"].flatMap((way) => named("set", `sg.default.${way}4`, `sg.default.${way}6`, `sg.default.${way}-id`)),
  ...named("chain", "in.default", "out.default"),
  // The number of the group `default` of this VPC.
  ...named("element", "ingress 169.254.64.2", "sg.default.in-id 3214496545 . 0-255 . 0-65535"),
  ...named("element", "sg.default.out4 0.0.0.0/0 . 0-255 . 0-65535", "sg.default.out6 ::/0 . 0-255 . 0-65535"),
];

export const drifts: Readonly<Record<string, Drift>> = {
  "a port that was deleted": { damage: inRouter("link delete v-public-web"), steps: pairOfPublic },
  "an eth0 that was deleted": { damage: inPublic("link delete eth0"), steps: pairOfPublic },
  "an eth0 that was moved away": { damage: inPublic("link set eth0 netns 1"), steps: [`delete link ${router} v-public-web`, ...pairOfPublic] },
  "an eth0 with another MAC": {
    damage: inPublic("link set eth0 address 02:00:00:00:00:01"),
    steps: [...away(ofPublic), ...pairOfPublic],
  },
  "an eth0 that is down": {
    damage: inPublic("link set eth0 down"),
    steps: [`change link ${publicWeb} eth0`, `add neighbour ${publicWeb} eth0 10.0.1.1`, `add route ${publicWeb} 254 0.0.0.0/0`],
  },
  "a port that is down": { damage: inRouter("link set v-public-web down"), steps: [`change link ${router} v-public-web`] },
  "a port that is no longer isolated": { damage: `bridge -n ${router} link set dev v-public-web isolated off`, steps: [...away(ofPublic), ...pairOfPublic] },
  "a port that floods": { damage: `bridge -n ${router} link set dev v-public-web flood on`, steps: [...away(ofPublic), ...pairOfPublic] },
  "a port taken off its bridge": { damage: inRouter("link set v-public-web nomaster"), steps: [...away(ofPublic), ...pairOfPublic] },
  "a bridge that is down": {
    damage: inRouter("link set br-company-a down"),
    steps: [ofPublic, ofPrivate].map(({ address }) => `add neighbour ${router} br-company-a ${address}`).concat(`add link up ${router} br-company-a`),
  },
  "a bridge that was deleted": { damage: inRouter("link delete br-company-a"), steps: [...away(ofPublic), ...away(ofPrivate), ...bridgeAnew] },
  "a bridge with another MAC": {
    damage: inRouter("link set br-company-a address 02:00:00:00:00:01"),
    steps: [`delete link ${router} br-company-a`, ...away(ofPublic), ...away(ofPrivate), ...bridgeAnew],
  },
  "a router's address that was taken away": {
    damage: inRouter("address delete 10.0.1.1/24 dev br-company-a"),
    steps: [`add address ${router} br-company-a 10.0.1.1/24`],
  },
  "an address that nobody gave": { damage: inPublic("address add 10.0.1.99/24 dev eth0"), steps: [`delete address ${publicWeb} eth0 10.0.1.99/24`] },
  "a subnet's address that was taken away": { damage: inPublic("address delete 10.0.1.4/24 dev eth0"), steps: wire(ofPublic).slice(2) },
  "a default route of the subnet that was deleted": { damage: inPublic("route delete default"), steps: [`add route ${publicWeb} 254 0.0.0.0/0`] },
  "a default route of the subnet that was replaced": {
    damage: inPublic("route replace default via 10.0.1.2"),
    steps: [`change route ${publicWeb} 254 0.0.0.0/0`],
  },
  "a route of a route table that was deleted": { damage: inRouter("route delete default table 1002"), steps: [`add route ${router} 1002 0.0.0.0/0`] },
  "a route of a route table that became silence": {
    damage: inRouter("route replace blackhole default table 1002 protocol 118"),
    steps: [`change route ${router} 1002 0.0.0.0/0`],
  },
  "a route of a route table that somebody replaced by his own": {
    damage: inRouter("route replace unreachable default table 1002"),
    steps: [`change route ${router} 1002 0.0.0.0/0`],
  },
  "a silence that was deleted": { damage: inRouter("route delete blackhole default table 1001"), steps: [`add route ${router} 1001 0.0.0.0/0`] },
  "a rule that was deleted": { damage: inRouter("rule delete priority 1002"), steps: [`add rule ${router} 1002`] },
  "a rule that leads elsewhere": {
    damage: `${inRouter("rule delete priority 1002")}; ${inRouter("rule add priority 1002 fwmark 2 lookup 1001 protocol 118")}`,
    steps: [`change rule ${router} 1002`],
  },
  "a neighbour that was deleted": { damage: inRouter("neighbour delete 10.0.1.4 dev br-company-a"), steps: [`add neighbour ${router} br-company-a 10.0.1.4`] },
  "a neighbour with another MAC": {
    damage: inRouter("neighbour replace 10.0.1.4 lladdr 02:00:00:00:00:01 nud permanent dev br-company-a"),
    steps: [`change neighbour ${router} br-company-a 10.0.1.4`],
  },
  "a forwarding entry that was deleted": { damage: `bridge -n ${router} fdb delete 02:76:0a:00:01:04 dev v-public-web master`, steps: [entry(ofPublic)] },
  "a sender taken off the list": {
    damage: nftInRouter('delete element bridge vpcctl sources { "v-public-web" . 02:76:0a:00:01:04 . 10.0.1.4 }'),
    steps: [listed(ofPublic)],
  },
  "a sender on the list who is nobody": {
    damage: nftInRouter('add element bridge vpcctl sources { "v-public-web" . 02:76:0a:00:01:05 . 10.0.1.5 : 2 }'),
    steps: [`delete nft element ${router} bridge sources v-public-web . 02:76:0a:00:01:05 . 10.0.1.5`],
  },
  "a sender with another route table": {
    damage: `${nftInRouter('delete element bridge vpcctl sources { "v-private-db" . 02:76:0a:00:02:04 . 10.0.2.4 }')}
      ${nftInRouter('add element bridge vpcctl sources { "v-private-db" . 02:76:0a:00:02:04 . 10.0.2.4 : 2 }')}`,
    steps: [listed(ofPrivate).replace("add", "change")],
  },
  "a rule of a chain that was deleted": { damage: nftInRouter("flush chain inet vpcctl forward"), steps: [`change nft chain ${router} inet forward`] },
  "a rule in a chain that somebody added": {
    damage: nftInRouter("insert rule inet vpcctl forward accept"),
    steps: [`change nft chain ${router} inet forward`],
  },
  "a chain whose policy was changed": {
    damage: nftInRouter("add chain inet vpcctl forward { policy accept; }"),
    steps: [`change nft chain ${router} inet forward`],
  },
  "a table of the router that was deleted": {
    damage: nftInRouter("delete table bridge vpcctl"),
    steps: [...bridgeTableAnew, listed(ofPublic), listed(ofPrivate)],
  },
  "all rules of the router flushed": { damage: nftInRouter("flush ruleset"), steps: [
      ...bridgeTableAnew,
      ...inetTableAnew,
      listed(ofPublic), ...known(ofPublic), ...["public-out 10.0.1.4", "public-in 198.18.0.2"].map((entry) => `add nft element ${router} inet ${entry}`),
      listed(ofPrivate), ...known(ofPrivate),
    ] },
  "all rules of the host flushed": { damage: "nft flush ruleset", steps: [
      "add nft table  inet",
      ...["set  inet gateways", "set  inet publics", "chain  inet input", "chain  inet forward", "chain  inet postrouting"].map((what) => `add nft ${what}`),
      "add nft element  inet gateways igw-company-a",
      "add nft element  inet publics igw-company-a . 169.254.64.3",
      "add nft element  inet publics igw-company-a . 198.18.0.2",
    ] },
  "a rule of the host's table that was deleted": { damage: "nft flush chain inet vpcctl postrouting", steps: ["change nft chain  inet postrouting"] },
  "a gateway taken off the host's list": {
    damage: `nft 'delete element inet vpcctl gateways { "igw-company-a" }'`,
    steps: ["add nft element  inet gateways igw-company-a"],
  },
  "a gateway's link that was deleted": { damage: "ip link delete igw-company-a", steps: [
      `add link ${router} igw`,
      "add link  igw-company-a",
      `add address ${router} igw 169.254.64.3/32`,
      "add address  igw-company-a 169.254.64.2/32",
      "add address  igw-company-a 198.18.0.1/32",
      `add neighbour ${router} igw 169.254.64.2`,
      "add neighbour  igw-company-a 169.254.64.3",
      "add route  254 169.254.64.3/32",
      `add route ${router} 1002 0.0.0.0/0`,
      "add route  254 198.18.0.2/32",
      "add sysctl  net/ipv4/conf/igw-company-a/forwarding",
    ] },
  "a gateway's link that is down": {
    damage: "ip link set igw-company-a down",
    steps: ["change link  igw-company-a", "add neighbour  igw-company-a 169.254.64.3", "add route  254 169.254.64.3/32", "add route  254 198.18.0.2/32"],
  },
  "a gateway's address that was taken away": {
    damage: "ip address delete 169.254.64.2/32 dev igw-company-a",
    steps: ["add address  igw-company-a 169.254.64.2/32"],
  },
  "a router's transit address that was taken away": {
    damage: inRouter("address delete 169.254.64.3/32 dev igw"),
    steps: [`add address ${router} igw 169.254.64.3/32`, `add neighbour ${router} igw 169.254.64.2`, `add route ${router} 1002 0.0.0.0/0`],
  },
  "the host's route to the router that was deleted": { damage: "ip route delete 169.254.64.3", steps: ["add route  254 169.254.64.3/32"] },
  "the host's neighbour that was deleted": {
    damage: "ip neighbour delete 169.254.64.3 dev igw-company-a",
    steps: ["add neighbour  igw-company-a 169.254.64.3"],
  },
  "a router that does not forward": {
    damage: `ip netns exec ${router} sysctl -qw net.ipv4.ip_forward=0`,
    steps: [`change sysctl ${router} net/ipv4/ip_forward`],
  },
  "a setting of the bridge": {
    damage: `ip netns exec ${router} sysctl -qw net.ipv4.conf.br-company-a.proxy_arp_pvlan=0`,
    steps: [`change sysctl ${router} net/ipv4/conf/br-company-a/proxy_arp_pvlan`],
  },
  "an uplink that does not forward": { damage: "sysctl -qw net.ipv4.conf.uplink0.forwarding=0", steps: ["change sysctl  net/ipv4/conf/uplink0/forwarding"] },
  "a gateway's link that does not forward": {
    damage: "sysctl -qw net.ipv4.conf.igw-company-a.forwarding=0",
    steps: ["change sysctl  net/ipv4/conf/igw-company-a/forwarding"],
  },
  "a router's loopback that is down": { damage: inRouter("link set lo down"), steps: [`change namespace ${router}`] },
  "a subnet's loopback that is down": { damage: inPublic("link set lo down"), steps: [`change namespace ${publicWeb}`] },
  "a subnet's namespace that was deleted": { damage: namespaceGone(ofPublic), steps: [`add namespace ${publicWeb}`, ...pairOfPublic] },
  "another subnet's namespace that was deleted": {
    damage: namespaceGone(ofPrivate),
    steps: [`add namespace ${privateDb}`, ...wire(ofPrivate), entry(ofPrivate)],
  },
};
