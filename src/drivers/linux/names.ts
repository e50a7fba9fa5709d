// Every name that vpcctl gives to a kernel object is made here and nowhere else.
//
// Interface names hold at most 15 characters (IFNAMSIZ is 16 with the NUL). A name that fits is used as it is. A longer one keeps its
// prefix and first letters, then `_` and 9 characters of a hash of the whole name. Model names never contain `_`, so a cut name never
// equals one that was not cut; 62^9 (53 bits) keeps two cut ones apart, and should they ever meet, the compiler refuses the World.
/** IFNAMSIZ - 1, from linux/if.h. */
const maximumLength = 15;
const hashLength = 9;
const alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Every mark of ours in an alias or comment starts with this word. */
export const ownershipWord = "vpcctl";
/** `protocol` of our routes and rules; ASCII `v`, unused in iproute2's rt_protos. */
export const routeProtocol = 118;
/** Name of each nftables table of ours, in whatever namespace and family. */
export const tableName = "vpcctl";

export const hostNamespace = "";
export const routerNamespace = (vpc: string): string => `vpc.${vpc}`;
/** Of an attachment, by its path: `web` for a subnet's own, `web/web1` for an instance's. */
export const attachmentNamespace = (vpc: string, path: string): string => `vpc.${vpc}.${path.replace("/", ".")}`;

/** The name of bridge `index` of a VPC; the first has no number, the next are `br-company-a.2`, `.3` ... */
export const bridgeName = (vpc: string, index: number): string => linkName("br-", index === 0 ? vpc : `${vpc}.${index + 1}`);
/** A subnet's port; an instance's has another letter, since both may have one name. */
export const portName = (path: string): string => (path.includes("/") ? linkName("i-", path.slice(path.indexOf("/") + 1)) : linkName("v-", path));
export const gatewayHostLink = (vpc: string): string => linkName("igw-", vpc);
/** The router's end of the internet gateway's veth pair; one per router, so it needs no VPC name. */
export const gatewayRouterLink = "igw";
/** Both ends of a peering's link, each in its own VPC's router. */
export const peeringLink = (peering: string): string => linkName("pcx-", peering);
/** The block in which packets wait that come from a shaped attachment; one per router. */
export const shapeLink = "shape";
/** The only interface of a subnet's or instance's namespace, named as in a cloud machine. */
export const attachmentLink = "eth0";

/** nftables takes 255 characters; so long a name nobody reads. */
const longestSetName = 100;

/** Chain of a combination of security groups. Group names hold no dots, so joined names are not ambiguous. */
export const groupChain = (direction: "in" | "out", groups: readonly string[]): string => cut(`${direction}.${groups.toSorted().join(".")}`, longestSetName);
/** Chain of a subnet's policy. */
export const policyChain = (direction: "in" | "out", subnet: string): string => `policy-${direction}.${subnet}`;
/** Set of a group's rules of one direction, by the kind of peer they name. */
export const groupSet = (group: string, direction: "in" | "out", kind: "4" | "6" | "id"): string => `sg.${group}.${direction}${kind === "id" ? "-id" : kind}`;
/** The kind of a group's set; `undefined` for every other set. */
export const groupSetKind = (set: string): string | undefined => /^sg\..*\.(?:in|out)(4|6|-id)$/.exec(set)?.[1];

function linkName(prefix: string, name: string): string {
  return cut(prefix + name, maximumLength);
}

function cut(whole: string, longest: number): string {
  if (whole.length <= longest) return whole;
  return `${whole.slice(0, longest - hashLength - 1)}_${shortHash(whole)}`;
}

function shortHash(text: string): string {
  let rest = new DataView(new Bun.CryptoHasher("sha256").update(text).digest().buffer).getBigUint64(0);
  let hash = "";
  for (let i = 0; i < hashLength; i++) {
    hash += alphabet.charAt(Number(rest % 62n));
    rest /= 62n;
  }
  return hash;
}

/** Comment on our rules in other programs' chains. */
export const foreignRuleComment = (vpc: string): string => `${ownershipWord} ${vpc}`;
/** Is a rule in another program's chain ours? Its comment and its interface must speak of the same VPC. */
export function isOurForeignRule(comment: string, link: string): boolean {
  const vpc = /^vpcctl ([a-z0-9-]+)$/.exec(comment)?.[1];
  return vpc !== undefined && link === gatewayHostLink(vpc);
}

export interface Mark {
  readonly vpc: string;
  /** Path of an attachment; absent for the router. */
  readonly subnet?: string;
}

/** What stands in the alias of a namespace's loopback: proof that the namespace is ours, and whose it is. */
export function namespaceMark(vpc: string, path?: string, isAttached = false): string {
  if (path === undefined) return `${ownershipWord} vpc ${vpc}`;
  if (isAttached) return `${attachedMark}${vpc}/${path}`;
  return `${ownershipWord} ${path.includes("/") ? "instance" : "subnet"} ${vpc}/${path}`;
}

const attachedMark = `${ownershipWord} attached `;

/** In the place of the mark where a command was killed before somebody else's namespace had its name, or after it had lost it. */
export const nameless = `${attachedMark}without a name`;

/** Is it the mark on a namespace that is somebody else's, in which only our interface is ours? */
export const isAttachedMark = (mark: string): boolean => mark.startsWith(attachedMark);

/** Reads a namespace mark back; undefined for anything that is not ours. */
export function parseNamespaceMark(alias: string | undefined): Mark | undefined {
  const match = /^vpcctl (?:vpc ([a-z0-9-]+)|subnet ([a-z0-9-]+)\/([a-z0-9-]+)|(?:instance|attached) ([a-z0-9-]+)\/([a-z0-9-]+\/[a-z0-9-]+))$/.exec(alias ?? "");
  if (!match) return undefined;
  const [, router, vpc = match[4], subnet = match[5]] = match;
  if (router !== undefined) return { vpc: router };
  return vpc !== undefined && subnet !== undefined ? { vpc, subnet } : undefined;
}
