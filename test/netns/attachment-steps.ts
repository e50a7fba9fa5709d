// Steps that come in groups, as texts: what makes or removes a subnet's attachment to the router of the tutorial's VPC.
import { privateDb, publicWeb, router } from "./tutorial-vpc.ts";

export interface Attachment {
  readonly namespace: string;
  readonly port: string;
  readonly address: string;
  readonly gateway: string;
  readonly mac: string;
}

export const ofPublic: Attachment = { namespace: publicWeb, port: "v-public-web", address: "10.0.1.4", gateway: "10.0.1.1", mac: "02:76:0a:00:01:04" };
export const ofPrivate: Attachment = { namespace: privateDb, port: "v-private-db", address: "10.0.2.4", gateway: "10.0.2.1", mac: "02:76:0a:00:02:04" };

export const wire = ({ namespace, port, address, gateway }: Attachment): string[] => [
  `add link ${router} ${port}`,
  `add link ${namespace} eth0`,
  `add address ${namespace} eth0 ${address}/24`,
  `add neighbour ${namespace} eth0 ${gateway}`,
  `add route ${namespace} 254 0.0.0.0/0`,
];
export const entry = ({ port, mac }: Attachment): string => `add fdb ${router} ${port} ${mac}`;
export const away = ({ namespace, port }: Attachment): string[] => [`delete link ${router} ${port}`, `delete link ${namespace} eth0`];
const place = ({ address, gateway }: Attachment): string[] => [
  `add address ${router} br-company-a ${gateway}/24`,
  `add neighbour ${router} br-company-a ${address}`,
];
export const listed = ({ port, mac, address }: Attachment): string => `add nft element ${router} bridge sources ${port} . ${mac} . ${address}`;

export const pairOfPublic = [...wire(ofPublic), entry(ofPublic)];

/** Everything that hangs on the bridge. */
export const bridgeAnew = [
  `add link ${router} br-company-a`,
  ...["conf/br-company-a/proxy_arp_pvlan", "conf/br-company-a/proxy_arp", "neigh/br-company-a/proxy_delay", "conf/br-company-a/accept_local"].map(
    (key) => `add sysctl ${router} net/ipv4/${key}`,
  ),
  ...[ofPublic, ofPrivate].flatMap((of) => [...wire(of), ...place(of), entry(of)]),
  `add link up ${router} br-company-a`,
];
export const bridgeTableAnew = ["nft table", "nft set", "nft set", "nft chain"].map(
  (kind, i) => `add ${kind} ${router} bridge${["", " sources", " forwarders", " prerouting"][i]}`,
);
/** An attachment on the lists of the router's firewall. */
export const known = ({ address, mac }: Attachment): string[] =>
  [`identities ${address}`, `egress ${mac}`, `ingress ${address}`].map((entry) => `add nft element ${router} inet ${entry}`);
