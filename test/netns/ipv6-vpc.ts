import type { FakeHost } from "../support/fake-host.ts";

export const router = "vpc.a";
export const web = "vpc.a.web";
export const web1 = "vpc.a.web.web1";
export const db = "vpc.a.db";
export const lab = "vpc.a.lab";
export const webAddress = "fd00:a::a00:104";
export const web1Address = "fd00:a::a00:105";
export const dbAddress = "fd00:a:0:1::a00:204";
export const labAddress = "fd00:a:0:2::a00:304";
/** The name server of the make-believe internet. */
export const outside = "2001:4860:4860::8888";
export const hostAddress = "2001:db8:203:113::2";

export const webMac = "02:76:0a:00:01:04";
export const dbMac = "02:76:0a:00:02:04";
export const routerMac = "02:76:00:00:00:01";

/** Subnets `web`, with instance `web1`, and `db`; nobody leads out. */
export const ipv4Only = ["create-vpc a 10.0.0.0/16", "add-subnet a web 10.0.1.0/24", "add-subnet a db 10.0.2.0/24", "run-instance a web --name web1"];
/** The same, with IPv6. */
export const insideVpc = [...ipv4Only, "associate-ipv6-cidr a fd00:a::/56"];

/** `web` leads to the internet gateway, `db` to the egress-only one, `lab` to none. Their group lets everybody in. */
export const ipv6Vpc = [
  "create-vpc a 10.0.0.0/16",
  "associate-ipv6-cidr a fd00:a::/56",
  "add-subnet a web 10.0.1.0/24",
  "add-subnet a db 10.0.2.0/24",
  "add-subnet a lab 10.0.3.0/24",
  "enable-internet a web",
  "create-egress-only-internet-gateway a",
  "create-route-table a out",
  "create-route a out ::/0 egress-only-internet-gateway",
  "associate-route-table a db out",
  "authorize-ingress a default --protocol all --cidr ::/0",
] as const;

/** A setting of the host's IPv6, for example `all/forwarding`. */
export const hostSetting = (host: FakeHost, key: string): Promise<string> => host.sh(`cat /proc/sys/net/ipv6/conf/${key}`).then((text) => text.trim());
