// A picture of the tutorial's VPC as SVG, drawn from the World and the driver's layout: every name and address in it is the real one.
// It has a ground of its own, so it reads the same on a light and on a dark page.
import { layout } from "../../src/drivers/linux/layout.ts";
import { attachmentLink, gatewayRouterLink, routerNamespace, tableName } from "../../src/drivers/linux/names.ts";
import { anywhere, tableNameOf, type RouteTable, type Subnet, type Vpc } from "../../src/model/world.ts";
import { tutorialWorld, vpc as name } from "./tutorial-world.ts";

const path = "docs/images/vpc.svg";

export const files = (): Readonly<Record<string, string>> => ({ [path]: draw() });

const description = `The host with its uplink; below it the router of VPC ${name}, a namespace with a bridge; on the bridge, by a wire each, two subnets`;

export const generate = (): string => `![${description}](${path})`;

interface Look {
  readonly fill: string;
  readonly edge: string;
}

const looks = {
  outside: { fill: "#eef2f7", edge: "#94a3b8" },
  host: { fill: "#ffffff", edge: "#64748b" },
  router: { fill: "#eff6ff", edge: "#2563eb" },
  bridge: { fill: "#2563eb", edge: "#1d4ed8" },
  public: { fill: "#ecfdf5", edge: "#059669" },
  private: { fill: "#fff7ed", edge: "#c2410c" },
  port: { fill: "#ffffff", edge: "#334155" },
} as const satisfies Record<string, Look>;

const width = 860;
const margin = 24;
const line = 18;
const internet = { y: 20, height: 44 };
const host = { y: 108, height: 100 };
const router = { y: 262, height: 172 };
const subnet = { y: 488, height: 116, gap: 28 };
const height = subnet.y + subnet.height + margin;
const middle = width / 2;

function draw(): string {
  const places = layout(tutorialWorld, name);
  const vpc = tutorialWorld.vpcs[name];
  if (vpc === undefined || places.internetGateway === undefined) throw new Error("the tutorial's VPC is not as the picture expects it");
  const { hostLink, hostAddress, routerAddress } = places.internetGateway;
  const subnets = Object.values(vpc.subnets);
  const [bridge = ""] = places.bridges;
  const bridgeY = router.y + router.height - 66;
  const gateways = Object.values(places.subnets).map(({ gateway }) => gateway).join(",  ");
  const wires = subnets.map((_, i) => wire(columnMiddle(i, subnets.length), bridgeY + 30, subnet.y));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#1e293b">`,
    box(0, 0, width, height, { fill: "#f8fafc", edge: "#e2e8f0" }),
    wire(middle, internet.y + internet.height, host.y),
    wire(middle, host.y + host.height, router.y),
    box(middle - 150, internet.y, 300, internet.height, looks.outside, 22),
    text(middle, internet.y + 27, "the internet", "middle bold"),
    note(middle + 14, host.y - 18, "the host's uplink, address and routes stay as they are"),
    box(margin, host.y, width - 2 * margin, host.height, looks.host),
    text(margin + 16, host.y + 26, "the host", "bold"),
    text(margin + 16, host.y + 26 + line, `nftables: table inet ${tableName}, the only one of ours`),
    text(margin + 16, host.y + 26 + 2 * line, "masquerades what routers send out, lets only replies in,"),
    text(margin + 16, host.y + 26 + 3 * line, "and keeps VPCs away from the host and from each other"),
    port(middle, host.y + host.height, `${hostLink}  ${hostAddress}`, "above"),
    note(middle + 14, host.y + host.height + 31, "internet gateway: a veth pair"),
    box(margin, router.y, width - 2 * margin, router.height, looks.router),
    port(middle, router.y, `${gatewayRouterLink}  ${routerAddress}`, "below"),
    text(margin + 16, router.y + 26, `router of VPC ${name} (${vpc.cidr})`, "bold"),
    text(margin + 16, router.y + 26 + line, `namespace ${routerNamespace(name)}`, "mono"),
    text(margin + 16, router.y + 26 + 2 * line, "nftables: who may send, who may be reached,"),
    text(margin + 16, router.y + 26 + 3 * line, "and one address for all that goes out"),
    ...Object.values(vpc.routeTables).map((table, i) => text(middle + 14, router.y + 26 + (i + 2) * line, describeTable(table), "mono")),
    ...wires,
    box(margin + 16, bridgeY, width - 2 * margin - 32, 30, looks.bridge, 6),
    `<g fill="#ffffff">${text(middle, bridgeY + 20, `bridge ${bridge}:  ${gateways}`, "middle bold")}</g>`,
    ...subnets.flatMap((one, i) => drawSubnet(vpc, one, i, subnets.length, bridgeY + 30)),
    "</svg>",
    "",
  ].join("\n");
}

function drawSubnet(vpc: Vpc, one: Subnet, i: number, count: number, portY: number): string[] {
  const place = layout(tutorialWorld, name).subnets[one.name];
  if (place === undefined) throw new Error(`${one.name} has no place`);
  const isPublic = one.routeTable !== undefined;
  const columnWidth = (width - 2 * margin - (count - 1) * subnet.gap) / count;
  const left = margin + i * (columnWidth + subnet.gap);
  const x = columnMiddle(i, count);
  return [
    box(left, subnet.y, columnWidth, subnet.height, isPublic ? looks.public : looks.private),
    port(x, portY, place.routerLink, "below"),
    port(x, subnet.y, `${attachmentLink}  ${place.address}`, "below"),
    text(left + 16, subnet.y + 54, `subnet ${one.name} (${one.cidr})`, "bold"),
    text(left + 16, subnet.y + 54 + line, `namespace ${place.namespace}`, "mono"),
    text(left + 16, subnet.y + 54 + 2 * line, `route table ${tableNameOf(vpc, one)}: ${isPublic ? "reaches the internet" : "no way to the internet, silence"}`),
  ];
}

const columnMiddle = (i: number, count: number): number => {
  const columnWidth = (width - 2 * margin - (count - 1) * subnet.gap) / count;
  return margin + i * (columnWidth + subnet.gap) + columnWidth / 2;
};

function describeTable({ name: table, routes }: RouteTable): string {
  const way = routes.find(({ destination }) => destination === anywhere);
  return `route table ${table}: ${way === undefined ? "nothing but local" : `${way.destination} -> ${way.target.kind}`}`;
}

/** The end of a wire: a small square on the edge of a box, with its name and address inside the box. */
const port = (x: number, y: number, label: string, side: "above" | "below"): string =>
  `${box(x - 6, y - 6, 12, 12, looks.port, 2)}${text(x + 14, y + (side === "above" ? -10 : 20), label, "mono")}`;

const box = (x: number, y: number, w: number, h: number, { fill, edge }: Look, radius = 10): string =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${radius}" fill="${fill}" stroke="${edge}" stroke-width="1.5"/>`;

const wire = (x: number, from: number, to: number): string => `<line x1="${x}" y1="${from}" x2="${x}" y2="${to}" stroke="#334155" stroke-width="2"/>`;

const note = (x: number, y: number, content: string): string => `<g fill="#64748b" font-size="12">${text(x, y, content)}</g>`;

function text(x: number, y: number, content: string, style = ""): string {
  const attributes = [
    style.includes("middle") ? ' text-anchor="middle"' : "",
    style.includes("bold") ? ' font-weight="600"' : "",
    style.includes("mono") ? ' font-family="ui-monospace, monospace" font-size="12"' : "",
  ].join("");
  return `<text x="${x}" y="${y}"${attributes}>${content.replace(/&/g, "&amp;").replace(/</g, "&lt;")}</text>`;
}
