/** A command on a host on which something stands already. The word `PID` stands for a process with a network namespace of its own. */
export interface Scenario {
  readonly name: string;
  /** Lines of a batch file, and `attach`. */
  readonly before: readonly string[];
  readonly command: readonly string[];
  /** Text of the file whose path is added to the command. */
  readonly file?: string;
  /** A removal that is interrupted is completed, a build is undone. */
  readonly removes: boolean;
}

const vpc = ["create-vpc a 10.0.0.0/16", "add-subnet a public-web 10.0.1.0/24", "add-subnet a private-db 10.0.2.0/24"];
const published = [...vpc, "enable-internet a public-web"];
/** Without a program: its processes would have other numbers each time. */
const instance = "run-instance a public-web --name one --public";
/** Overlaps the first on purpose. */
const other = ["create-vpc b 10.0.0.0/16", "add-subnet b web 10.0.1.0/24"];

const peers = ["create-vpc c 10.2.0.0/16", "add-subnet c web 10.2.1.0/24"];
const peered = [...vpc, ...peers, "peer a c", "authorize-ingress c default --protocol tcp --port 80 --group a/default"];

const strict = [...vpc, "create-network-acl a strict"];

const guarded = [
  ...vpc,
  "create-security-group a db",
  "set-security-groups a private-db --security-group db",
  "authorize-ingress a db --protocol tcp --port 5432 --group default --cidr 10.0.1.0/24",
  ...strict.slice(vpc.length),
  "create-network-acl-entry a strict --rule-number 100 --ingress --action allow --protocol all --cidr 0.0.0.0/0",
  "associate-network-acl a private-db strict",
];
const policy = JSON.stringify({ subnet: "private-db", ingress: [{ port: 5432, protocol: "tcp", action: "allow" }], egress: [] });

/** A private subnet that goes out by a NAT gateway. */
const routed = [...published, "create-route-table a private", "associate-route-table a private-db private"];
const gateway = ["create-nat-gateway a public-web nat1", "create-route a private 0.0.0.0/0 nat-gateway/nat1"];

const modest = instance.replace(" --public", "");
const addressed = [...published, modest, "allocate-address shop"];
const farther = "run-instance a private-db --name far";
const elsewhere = [...addressed, ...other, "enable-internet b web", "associate-address shop b --subnet web"];

const named = [...vpc, "enable-dns a"];

const attach = "attach a private-db --name guest --pid PID";

const dual = [...vpc, "associate-ipv6-cidr a"];

const build = (name: string, before: readonly string[], command: string, file?: string): Scenario => ({
  name, before, command: command.split(" "), removes: false, ...(file === undefined ? {} : { file }),
});
const removal = (name: string, before: readonly string[], command: string): Scenario => ({ name, before, command: command.split(" "), removes: true });

/** Every command that changes something, with the cases in which it does something else. */
export const scenarios: readonly Scenario[] = [
  build("create-vpc", [], "create-vpc a 10.0.0.0/16"),
  build("create-vpc beside another", published, "create-vpc b 10.0.0.0/16"),
  build("add-subnet", vpc.slice(0, 2), "add-subnet a private-db 10.0.2.0/24"),
  build("enable-internet, the first gateway", vpc, "enable-internet a public-web"),
  build("enable-internet, one more subnet", published, "enable-internet a private-db"),
  build("enable-internet, a second gateway", [...published, ...other], "enable-internet b web"),
  build("run-instance, a public one", published, "run-instance a public-web --name one --public"),
  build("stop-instance", [...published, instance], "stop-instance a one"),
  build("start-instance", [...published, instance, "stop-instance a one"], "start-instance a one"),
  build("modify-instance, into a group that nobody has yet", [...vpc, modest, "create-security-group a db"], "modify-instance a one --security-group db"),
  build("modify-instance, to let it forward", [...vpc, modest], "modify-instance a one --source-dest-check false"),
  build("create-route, to an instance", [...vpc, modest, "modify-instance a one --source-dest-check false"], "create-route a main 192.168.0.0/16 instance/one"),
  build("create-route, to nowhere", vpc, "create-route a main 192.168.0.0/16 blackhole"),
  build("create-route, to a NAT gateway", [...routed, ...gateway.slice(0, 1)], "create-route a private 0.0.0.0/0 nat-gateway/nat1"),
  build("create-nat-gateway", routed, "create-nat-gateway a public-web nat1"),
  build("delete-nat-gateway, one that a route leads to", [...routed, ...gateway], "delete-nat-gateway a nat1"),
  build("allocate-address", [], "allocate-address shop"),
  build("associate-address, in the place of another", addressed, "associate-address shop a one"),
  build("associate-address, one that another VPC has", elsewhere, "associate-address shop a one"),
  build("disassociate-address, where another takes its place", [...addressed, "associate-address shop a one"], "disassociate-address shop"),
  build("release-address", ["allocate-address shop"], "release-address shop"),
  build("enable-dns, with names outside", published, "enable-dns a"),
  build("run-instance, with a resolver that is told of it", named, modest),
  build("disable-dns", [...published, "enable-dns a"], "disable-dns a"),
  build("peer", [...vpc, ...peers], "peer a c"),
  build("create-peering", [...vpc, ...peers], "create-peering a-c a c"),
  build("accept-peering", [...vpc, ...peers, "create-peering a-c a c"], "accept-peering a-c"),
  build("add-subnet, one that a peer's rule names", peered, "add-subnet a more 10.0.3.0/24"),
  build("associate-network-acl", strict, "associate-network-acl a private-db strict"),
  build("replace-network-acl-entry", guarded, "replace-network-acl-entry a strict --rule-number 100 --ingress --action deny --protocol tcp --cidr 10.0.1.0/24"),
  build("authorize-ingress, a rule that overlaps another", guarded, "authorize-ingress a db --protocol tcp --cidr 10.0.0.0/8 --self"),
  build("set-security-groups, a combination that nobody has yet", guarded, "set-security-groups a private-db --security-group db --security-group default"),
  build("apply-policy, in the place of groups", guarded, "apply-policy a", policy),
  build("shape, a subnet", [...vpc, modest], "shape a public-web --bandwidth 10mbit"),
  build("associate-ipv6-cidr, with internet", published, "associate-ipv6-cidr a"),
  build("enable-internet, by IPv6 too", dual, "enable-internet a public-web"),
  build("set-main-route-table", [...vpc, "create-route-table a private"], "set-main-route-table a private"),
  build("partition", vpc, "partition a public-web private-db"),
  build("link-down", vpc, "link-down a public-web"),
  build("batch", other, "batch", [...published, "enable-internet b web", "delete-subnet a private-db"].join("\n")),
  removal("disable-internet, the last gateway", published, "disable-internet a public-web"),
  removal("disable-internet, one of two subnets", [...published, "enable-internet a private-db"], "disable-internet a private-db"),
  removal("disable-internet, one of two gateways", [...published, ...other, "enable-internet b web"], "disable-internet b web"),
  removal("disassociate-ipv6-cidr, with internet", [...dual, "enable-internet a public-web"], "disassociate-ipv6-cidr a"),
  removal("delete-vpc --force, with internet by IPv6", [...dual, "enable-internet a public-web"], "delete-vpc a --force"),
  removal("delete-subnet", published, "delete-subnet a private-db"),
  removal("delete-subnet, a public one", published, "delete-subnet a public-web"),
  removal("delete-nat-gateway", [...routed, ...gateway.slice(0, 1)], "delete-nat-gateway a nat1"),
  removal("disassociate-address, where none takes its place", [...published, farther, "allocate-address shop", "associate-address shop a far"], "disassociate-address shop"),
  removal("delete-vpc, one with a resolver", named, "delete-vpc a --force"),
  removal("terminate-instance", [...published, instance], "terminate-instance a one"),
  removal("delete-subnet --force, with an instance", [...published, instance], "delete-subnet a public-web --force"),
  removal("delete-vpc, an empty one", vpc.slice(0, 1), "delete-vpc a"),
  removal("delete-vpc --force", [...published, ...other, "enable-internet b web"], "delete-vpc a --force"),
  removal("revoke-ingress", guarded, "revoke-ingress a db --protocol tcp --port 5432 --group default"),
  removal("unshape", [...vpc, "shape a public-web --bandwidth 10mbit"], "unshape a public-web"),
  removal("unpeer", peered, "unpeer a c"),
  removal("delete-vpc --force, a peered one", peered, "delete-vpc c --force"),
  removal("cleanup of one VPC, a peered one", peered, "cleanup c"),
  removal("associate-network-acl, back to the default", [...strict, "associate-network-acl a private-db strict"], "associate-network-acl a private-db default"),
  removal("cleanup", [...published, ...other], "cleanup"),
  removal("cleanup of one VPC", [...published, ...other, "enable-internet b web"], "cleanup a"),
  // Last: once a host has a stranger on it, each look at it takes longer.
  build("attach", vpc, attach),
  removal("terminate-instance, an attached one", [...vpc, attach], "terminate-instance a guest"),
];

/** One build and two removals; between them they use every kind of step. */
export const chosen: readonly Scenario[] = scenarios.filter(({ name }) =>
  ["enable-internet, the first gateway", "disable-internet, the last gateway", "cleanup of one VPC"].includes(name),
);
