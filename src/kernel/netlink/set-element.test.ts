import { expect, test } from "bun:test";
import { caught, inSandbox, shell } from "../in-sandbox.ts";
import { nftRun } from "../libnftables.ts";
import { createNamespace } from "../namespaces.ts";
import { changeSets, mostRequests } from "./change-sets.ts";
import { encodeKey, setElement, type SetShape } from "./set-element.ts";

const FILE = import.meta.path;

interface Example {
  readonly shape: SetShape;
  readonly type: string;
  /** Key, and for a map the value. */
  readonly elements: readonly (readonly [key: string, value?: string])[];
}

/** Every type and every kind of set. */
const examples: Readonly<Record<string, Example>> = {
  sources: {
    shape: { key: ["ifname", "ether_addr", "ipv4_addr"], value: "mark" },
    type: "typeof iifname . ether saddr . ip saddr : meta mark",
    elements: [["v-web . 02:76:0a:00:01:04 . 10.0.1.4", "1"], ["name-of-15-byt . 02:76:0a:00:01:05 . 10.0.1.5", "4294967295"]],
  },
  sources6: {
    shape: { key: ["ifname", "ether_addr", "ipv6_addr"], value: "mark" },
    type: "typeof iifname . ether saddr . ip6 saddr : meta mark",
    elements: [["v-web . 02:76:0a:00:01:04 . fd00::1", "258"]],
  },
  egress: { shape: { key: ["ether_addr"], value: "verdict" }, type: "type ether_addr : verdict", elements: [["02:76:0a:00:01:04", "goto c"], ["02:76:0a:00:01:05", "jump c"]] },
  ingress: { shape: { key: ["ipv4_addr"], value: "verdict" }, type: "type ipv4_addr : verdict", elements: [["10.0.1.4", "goto c"], ["10.0.1.5", "accept"], ["10.0.1.6", "drop"]] },
  translations: { shape: { key: ["ipv6_addr"], value: "ipv4_addr" }, type: "type ipv6_addr : ipv4_addr", elements: [["fd00::a00:104", "198.18.0.2"]] },
  rules4: {
    shape: { key: ["ipv4_addr", "inet_proto", "inet_service"], ranges: true },
    type: "type ipv4_addr . inet_proto . inet_service; flags interval",
    elements: [["10.0.0.0/9 . 6 . 80"], ["10.0.1.4 . 17 . 1000-2000"], ["0.0.0.0/0 . 58-255 . 0-65535"], ["192.168.1.128/31 . 6-6 . 22"]],
  },
  rules6: {
    shape: { key: ["ipv6_addr", "inet_proto", "inet_service"], ranges: true },
    type: "type ipv6_addr . inet_proto . inet_service; flags interval",
    elements: [["fd00:a::/33 . 6 . 443"], ["::/0 . 0-5 . 0-65535"], ["2001:db8::1 . 17 . 53"]],
  },
};

const table = { family: "inet", table: "t" } as const;
const listing = (set: string): unknown => JSON.parse(shell(`ip netns exec a nft -j list ${examples[set]?.shape.value === undefined ? "set" : "map"} inet t ${set}`));
const requests = (action: "add" | "delete", set: string, { shape, elements }: Example) =>
  elements.map(([key, value]) => setElement(action, { ...table, set, key, ...(value === undefined ? {} : { value }) }, shape));

function makeTable(): void {
  createNamespace("a");
  const sets = Object.entries(examples).map(([set, { shape, type }]) => `add ${shape.value === undefined ? "set" : "map"} inet t ${set} { ${type}; }`);
  nftRun("a", ["add table inet t", "add chain inet t c", ...sets].join("\n"));
}

/** Names of interfaces are strings to nft. */
const quoted = ({ shape }: Example, key: string): string => (shape.key[0] === "ifname" ? key.replace(/^[^ ]+/, '"$&"') : key);

inSandbox(FILE, "an element is the very same as the one that nft makes, whatever its set is like, and can be deleted by either", () => {
  makeTable();
  for (const [set, example] of Object.entries(examples)) {
    const empty = listing(set);
    const text = example.elements.map(([key, value]) => quoted(example, key) + (value === undefined ? "" : ` : ${value}`)).join(", ");
    nftRun("a", `add element inet t ${set} { ${text} }`);
    const byNft = listing(set);
    expect(byNft).not.toEqual(empty);
    // Those of nft are found by ours ...
    changeSets("a", requests("delete", set, example));
    expect(listing(set)).toEqual(empty);
    // ... ours are listed as nft's were ...
    changeSets("a", requests("add", set, example));
    expect(listing(set)).toEqual(byNft);
    // ... and once more changes nothing.
    changeSets("a", requests("add", set, example));
    expect(listing(set)).toEqual(byNft);
    // (nft finds a range of one number under that number only.)
    nftRun("a", `delete element inet t ${set} { ${example.elements.map(([key]) => quoted(example, key).replace("6-6", "6")).join(", ")} }`);
    expect(listing(set)).toEqual(empty);
  }
});

inSandbox(FILE, "a transaction is all or nothing, and its error names the element that was refused", () => {
  makeTable();
  const { shape } = examples["ingress"] as Example;
  const element = (key: string, value = "accept") => setElement("add", { ...table, set: "ingress", key, value }, shape);
  changeSets("a", [element("10.0.1.4")]);
  const before = listing("ingress");
  const other = caught(() => changeSets("a", [element("10.0.1.5"), element("10.0.1.4", "drop"), element("10.0.1.6")]));
  expect(other).toMatchObject({ operation: "change nftables", namespace: "a", code: "EEXIST" });
  expect(other.message).toContain("add element inet t ingress { 10.0.1.4 : drop }");
  expect(listing("ingress")).toEqual(before);
  expect(caught(() => changeSets("a", [element("10.0.1.5", "goto nowhere"), element("10.0.1.6")]))).toMatchObject({ code: "ENOENT" });
  const absent = setElement("delete", { ...table, set: "ingress", key: "10.0.1.7" }, shape);
  expect(caught(() => changeSets("a", [absent]))).toMatchObject({ code: "ENOENT" });
  expect(caught(() => changeSets("a", [setElement("add", { ...table, set: "absent", key: "10.0.1.7" }, shape)]))).toMatchObject({ code: "ENOENT" });
  expect(caught(() => changeSets("gone", [element("10.0.1.5")]))).toMatchObject({ code: "ENOENT" });
  expect(listing("ingress")).toEqual(before);
  // One that gives another value takes the old one out first, in the same transaction.
  changeSets("a", [setElement("delete", { ...table, set: "ingress", key: "10.0.1.4" }, shape), element("10.0.1.4", "drop")]);
  expect(JSON.stringify(listing("ingress"))).toContain('["10.0.1.4",{"drop":null}]');
});

inSandbox(FILE, "as many as a transaction may have travel at once, the longest too", () => {
  makeTable();
  const { shape } = examples["rules6"] as Example;
  const keys = Array.from({ length: mostRequests }, (_, n) => `fd00:ffff:ffff:ffff:ffff:ffff:ffff:${n.toString(16)} . 6 . 1000-2000`);
  changeSets("a", keys.map((key) => setElement("add", { ...table, set: "rules6", key }, shape)));
  expect(shell("ip netns exec a nft list set inet t rules6").match(/1000-2000/g)).toHaveLength(mostRequests);
  // All refused at once: the answers fit as well.
  const gone = keys.map((key) => setElement("delete", { ...table, set: "rules6", key: key.replace("1000-2000", "22") }, shape));
  expect(caught(() => changeSets("a", gone))).toMatchObject({ code: "ENOENT" });
});

test("what does not fit its set is refused before anything is sent", () => {
  const ports: SetShape = { key: ["inet_proto", "inet_service"], ranges: true };
  for (const text of ["6", "6 . 65536", "6 . -1", "6 . x", "6 . 1 . 2", "256 . 1", ""]) expect(() => encodeKey(ports, text, "first")).toThrow(TypeError);
  expect(() => encodeKey({ key: ["ipv4_addr"] }, "fd00::1", "first")).toThrow("not of type ipv4_addr");
  expect(() => encodeKey({ key: ["ifname"] }, "a-name-of-sixteen", "first")).toThrow("not the name of an interface");
  expect(() => encodeKey({ key: ["mark"] }, "4294967296", "first")).toThrow("not a number up to 4294967295");
});
