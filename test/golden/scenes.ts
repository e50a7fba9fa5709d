// Worlds worth looking at, each made by the verbs a user would type, and the hosts they are compiled for.
import type { HostFacts } from "../../src/drivers/linux/host-facts.ts";

export interface Scene {
  readonly verbs: readonly string[];
  /** One uplink that does not forward, and no other firewall, when absent. */
  readonly facts?: HostFacts;
  /** How many objects of each kind, where all of them would be too many to read. */
  readonly summary?: true;
}

const quiet: HostFacts = { uplinks: [{ link: "eth0", forwardingWas: "0" }], barriers: [] };

const tutorial = [
  "create-vpc company-a 10.0.0.0/16",
  "add-subnet company-a public-web 10.0.1.0/24",
  "add-subnet company-a private-db 10.0.2.0/24",
  "enable-internet company-a public-web",
];

const smallSubnets = (count: number): string[] => Array.from({ length: count }, (_, i) => `add-subnet big s${i} 10.0.${i >> 4}.${(i & 15) * 16}/28`);

export const scenes: Readonly<Record<string, Scene>> = {
  "empty": { verbs: [] },
  "one-vpc": { verbs: tutorial.slice(0, 1) },
  "two-subnets": { verbs: tutorial.slice(0, 3) },
  "tutorial": { verbs: tutorial },
  "all-public": { verbs: [...tutorial, "enable-internet company-a private-db"] },
  "two-vpcs-with-one-cidr": { verbs: [...tutorial, "create-vpc company-b 10.0.0.0/16", "add-subnet company-b web 10.0.1.0/24", "enable-internet company-b web"] },
  "peered": {
    verbs: [
      "create-vpc company-a 10.0.0.0/16",
      "add-subnet company-a web 10.0.1.0/24",
      "create-vpc company-b 10.1.0.0/16",
      "associate-cidr company-b 10.7.0.0/16",
      "add-subnet company-b db 10.7.1.0/24",
      "peer company-a company-b --requester-cidr 10.0.1.0/24",
      "authorize-ingress company-b default --protocol tcp --port 5432 --group company-a/default",
    ],
  },
  "security-groups": {
    verbs: [
      ...tutorial.slice(0, 3),
      "create-prefix-list offices --cidr 192.0.2.0/24 --cidr 2001:db8::/32",
      "create-security-group company-a web",
      "authorize-ingress company-a web --protocol tcp --port 80 --cidr 0.0.0.0/0 --cidr ::/0",
      "authorize-ingress company-a web --protocol tcp --port 22 --prefix-list offices --self",
      "authorize-ingress company-a web --protocol tcp --cidr 10.0.0.0/16",
      "set-security-groups company-a public-web --security-group web",
      "create-security-group company-a db",
      "authorize-ingress company-a db --protocol tcp --port 5432 --group web",
      "revoke-egress company-a db --protocol all --cidr 0.0.0.0/0 --cidr ::/0",
      "run-instance company-a private-db --name db1 --security-group db --security-group default",
      "create-security-group company-a unused",
    ],
  },
  "long-names": {
    verbs: [
      "create-vpc research-and-development 10.1.0.0/16",
      "add-subnet research-and-development public-web-servers-1 10.1.1.0/24",
      "add-subnet research-and-development public-web-servers-2 10.1.2.0/24",
      "enable-internet research-and-development public-web-servers-1",
    ],
  },
  "smallest-subnets": { verbs: ["create-vpc tiny 192.168.255.0/24", "add-subnet tiny first 192.168.255.0/28", "add-subnet tiny last 192.168.255.240/28"] },
  "ipv6": {
    verbs: [
      ...tutorial.slice(0, 3), "associate-ipv6-cidr company-a fd00:a::/56", "enable-internet company-a public-web",
      "create-egress-only-internet-gateway company-a", "create-route company-a main ::/0 egress-only-internet-gateway",
    ],
    facts: { ...quiet, uplinks6: [{ link: "eth0", forced: true }] },
  },
  "ipv6-of-the-host-elsewhere": {
    verbs: ["create-vpc a 10.0.0.0/16", "associate-ipv6-cidr a 2001:db8:a:b00::/56", "add-subnet a web 10.0.1.0/24", "enable-internet a web"],
    facts: { ...quiet, uplinks6: [{ link: "eth0", forced: false }, { link: "br-lan", forced: false }] },
  },
  "names": { verbs: [...tutorial, "enable-dns company-a", "associate-ipv6-cidr company-a fd00:a::/56", "run-instance company-a private-db --name db1"] },
  "slow-wires": {
    verbs: [
      ...tutorial.slice(0, 3), "run-instance company-a private-db --name db1",
      "shape company-a private-db --bandwidth 10mbit", "shape company-a db1 --bandwidth 1mbit --delay 20ms --loss 1%",
    ],
  },
  "no-uplink": { verbs: tutorial, facts: { uplinks: [], barriers: [] } },
  "two-uplinks": { verbs: tutorial, facts: { uplinks: [{ link: "eth0", forwardingWas: "1" }, { link: "wlan0", forwardingWas: "0" }], barriers: [] } },
  "forward-drop": {
    verbs: tutorial,
    facts: { ...quiet, barriers: [{ family: "ip", table: "filter", chain: "FORWARD" }, { family: "inet", table: "firewalld", chain: "filter_FORWARD", before: 42 }] },
  },
  "legacy-iptables": { verbs: tutorial, facts: { ...quiet, barriers: [{ family: "legacy", table: "filter", chain: "FORWARD", before: 3 }] } },
  "a-thousand-and-one-subnets": { verbs: ["create-vpc big 10.0.0.0/16", ...smallSubnets(1001)], summary: true },
  "one-port-more-than-a-bridge-holds": { verbs: ["create-vpc big 10.0.0.0/16", ...smallSubnets(1021)], summary: true },
};

export const factsOf = ({ facts = quiet }: Scene) => (): HostFacts => facts;
