// Every Debian package this project uses, and why. `purpose` says who needs it: `run` the product, `test` also the tests, `bench`
// only the benchmark. A package is there when one of its files is: no dpkg, so the check costs microseconds and other distributions pass too.

/**
 * @typedef {object} Need
 * @property {string} name Debian package
 * @property {"run" | "test" | "bench"} purpose
 * @property {string} proof a program, looked for where programs are; or a library, where libraries are
 * @property {string} why
 */

/** @type {readonly Need[]} */
export const needs = [
  { name: "nftables", purpose: "run", proof: "nft", why: "firewall and NAT rules go through its library, libnftables" },
  { name: "libnftables1", purpose: "run", proof: "libnftables.so.1", why: "the library behind nft, used in-process" },
  { name: "dnsmasq-base", purpose: "run", proof: "dnsmasq", why: "the resolver of a VPC with DNS is a dnsmasq; without DNS nothing needs it" },
  { name: "util-linux", purpose: "run", proof: "unshare", why: "the sandbox is a user, network and mount namespace made by unshare" },
  { name: "iproute2", purpose: "test", proof: "ip", why: "tests compare our view of the kernel with what ip prints" },
  { name: "iptables", purpose: "test", proof: "iptables-nft", why: "tests plant the rules of other programs and prove that they survive" },
  { name: "iputils-ping", purpose: "test", proof: "ping", why: "workloads of the tutorial" },
  { name: "curl", purpose: "test", proof: "curl", why: "workloads of the tutorial" },
  { name: "tcpdump", purpose: "test", proof: "tcpdump", why: "tests look at the wire itself" },
  { name: "procps", purpose: "test", proof: "sysctl", why: "the scripts of --dry-run set kernel parameters with sysctl" },
  { name: "strace", purpose: "test", proof: "strace", why: "tests kill a command at each of its system calls, and make calls fail" },
  { name: "git", purpose: "test", proof: "git", why: "the build names the commit it was made from" },
  { name: "iperf3", purpose: "bench", proof: "iperf3", why: "throughput of the data plane" },
  { name: "gcc", purpose: "bench", proof: "gcc", why: "compiles the C program that stands for the physical limit" },
  { name: "libc6-dev", purpose: "bench", proof: "/usr/include/stdio.h", why: "headers for the C program" },
  { name: "linux-libc-dev", purpose: "bench", proof: "/usr/include/linux/rtnetlink.h", why: "kernel headers for the C program" },
];
