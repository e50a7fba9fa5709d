/** A command on a host on which something stands already. */
export interface Scenario {
  readonly name: string;
  /** Lines of a batch file. */
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
  build("peer", [...vpc, ...peers], "peer a c"),
  build("add-subnet, one that a peer's rule names", peered, "add-subnet a more 10.0.3.0/24"),
  build("associate-network-acl", strict, "associate-network-acl a private-db strict"),
  build("replace-network-acl-entry", guarded, "replace-network-acl-entry a strict --rule-number 100 --ingress --action deny --protocol tcp --cidr 10.0.1.0/24"),
  build("authorize-ingress, a rule that overlaps another", guarded, "authorize-ingress a db --protocol tcp --cidr 10.0.0.0/8 --self"),
  build("set-security-groups, a combination that nobody has yet", guarded, "set-security-groups a private-db --security-group db --security-group default"),
  build("apply-policy, in the place of groups", guarded, "apply-policy a", policy),
  build("shape, a subnet", [...vpc, instance.replace(" --public", "")], "shape a public-web --bandwidth 10mbit"),
  build("associate-ipv6-cidr, with internet", published, "associate-ipv6-cidr a"),
  build("enable-internet, by IPv6 too", dual, "enable-internet a public-web"),
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
];

/** One build and two removals; between them they use every kind of step. */
export const chosen: readonly Scenario[] = scenarios.filter(({ name }) =>
  ["enable-internet, the first gateway", "disable-internet, the last gateway", "cleanup of one VPC"].includes(name),
);
