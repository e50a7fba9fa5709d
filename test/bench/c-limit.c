// The physical limit: the kernel objects that vpcctl makes for one VPC, made by raw netlink with as little else as possible.
//
//   c-limit build N       VPC "bench" (10.0.0.0/16) with N subnets s0 .. s<N-1>, each a /26, in the current network namespace
//   c-limit add-one N     one more subnet, number N
//   c-limit delete        everything, namespace by namespace
//   c-limit wait          returns when the kernel has finished with all deleted namespaces (only in a sandbox; see wait_for_kernel)
//   --no-nft              before the command: leaves out nftables, which goes through one `nft` process
//
// What makes it fast: interface numbers are chosen here, so nothing is ever asked; all messages to one namespace travel in one send;
// the veth peer is made inside the subnet's namespace, not moved there; links are made down, set up last, and never deleted one by one.
// Names, numbers and settings are those of src/drivers/linux; run.ts compares the results of both before it compares times.
#define _GNU_SOURCE
#include "netlink.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/veth.h>
#include <net/if.h>
#include <arpa/inet.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { bridge_index = 2, eth0_index = 2, first_port_index = 100, protocol = 118, mark = 1, table_of_mark = 1001, main_table = 254 };
static const uint8_t router_mac[6] = {0x02, 0x76, 0, 0, 0, 1};
static const char *const namespaces = "/run/netns";
static const int create = NLM_F_CREATE | NLM_F_EXCL;
static bool with_nft = true;
static struct batch batch;

static uint32_t address_of(int subnet, int offset) { return htonl((10u << 24) + 64 * subnet + offset); }

static void mac_of(uint32_t address, uint8_t first_byte, uint8_t mac[6]) {
  mac[0] = first_byte;
  mac[1] = 0x76;
  memcpy(mac + 2, &address, 4);
}

static void write_file(const char *path, const char *value, bool optional) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 && optional && errno == ENOENT) return;
  if (fd < 0 || write(fd, value, strlen(value)) < 0) err(1, "%s", path);
  close(fd);
}

// -- namespaces

static void prepare_directory(void) {
  if (mkdir(namespaces, 0755) && errno != EEXIST) err(1, "%s", namespaces);
  if (!mount("", namespaces, "none", MS_SHARED | MS_REC, NULL)) return;
  if (mount(namespaces, namespaces, "none", MS_BIND | MS_REC, NULL) || mount("", namespaces, "none", MS_SHARED | MS_REC, NULL)) err(1, "bind %s", namespaces);
}

static const char *path_of(const char *name) {
  static char path[288]; // a directory entry has at most 255 characters
  snprintf(path, sizeof path, "%s/%s", namespaces, name);
  return path;
}

// Leaves the process inside the new namespace: nobody has to go back between two subnets.
static void enter_new_namespace(const char *name) {
  const char *path = path_of(name);
  int file = open(path, O_CREAT | O_EXCL | O_RDONLY | O_CLOEXEC, 0);
  if (file < 0) err(1, "%s", path);
  close(file);
  if (unshare(CLONE_NEWNET) || mount("/proc/thread-self/ns/net", path, NULL, MS_BIND, NULL)) err(1, "create namespace %s", name);
}

static int open_namespace(const char *name) {
  int fd = open(path_of(name), O_RDONLY | O_CLOEXEC);
  if (fd < 0) err(1, "open namespace %s", name);
  return fd;
}

static void enter(const char *name) {
  int fd = open_namespace(name);
  if (setns(fd, CLONE_NEWNET)) err(1, "enter namespace %s", name);
  close(fd);
}

// -- messages

static void set_loopback(const char *alias) {
  struct ifinfomsg *link = message(&batch, RTM_NEWLINK, 0, sizeof *link);
  link->ifi_index = 1;
  link->ifi_flags = link->ifi_change = IFF_UP;
  put(&batch, IFLA_IFALIAS, alias, strlen(alias));
  end_message(&batch);
}

static void set_up(int index) {
  struct ifinfomsg *link = message(&batch, RTM_NEWLINK, 0, sizeof *link);
  link->ifi_index = index;
  link->ifi_flags = link->ifi_change = IFF_UP;
  end_message(&batch);
}

// A message of its own before the link goes up, or it would already have taken an address.
static void no_ipv6_address(int index) {
  struct ifinfomsg *link = message(&batch, RTM_NEWLINK, 0, sizeof *link);
  link->ifi_index = index;
  struct rtattr *families = nest(&batch, IFLA_AF_SPEC), *ipv6 = nest(&batch, AF_INET6);
  put_u8(&batch, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
  end_nest(&batch, ipv6);
  end_nest(&batch, families);
  end_message(&batch);
}

static void new_bridge(void) {
  struct ifinfomsg *link = message(&batch, RTM_NEWLINK, create, sizeof *link);
  link->ifi_index = bridge_index;
  put_text(&batch, IFLA_IFNAME, "br-bench");
  put(&batch, IFLA_ADDRESS, router_mac, 6);
  struct rtattr *info = nest(&batch, IFLA_LINKINFO);
  put_text(&batch, IFLA_INFO_KIND, "bridge");
  struct rtattr *data = nest(&batch, IFLA_INFO_DATA);
  put_u8(&batch, IFLA_BR_MCAST_SNOOPING, 0);
  end_nest(&batch, data);
  end_nest(&batch, info);
  end_message(&batch);
}

static void new_veth(int subnet, int namespace_fd) {
  uint8_t mac[6];
  char name[IFNAMSIZ];
  snprintf(name, sizeof name, "v-s%d", subnet);
  struct ifinfomsg *link = message(&batch, RTM_NEWLINK, create, sizeof *link);
  link->ifi_index = first_port_index + subnet;
  put_text(&batch, IFLA_IFNAME, name);
  mac_of(address_of(subnet, 4), 0x06, mac);
  put(&batch, IFLA_ADDRESS, mac, 6);
  put_u32(&batch, IFLA_MASTER, bridge_index);
  struct rtattr *info = nest(&batch, IFLA_LINKINFO);
  put_text(&batch, IFLA_INFO_KIND, "veth");
  struct rtattr *data = nest(&batch, IFLA_INFO_DATA), *peer = nest(&batch, VETH_INFO_PEER);
  ((struct ifinfomsg *)append(&batch, sizeof *link))->ifi_index = eth0_index;
  put_text(&batch, IFLA_IFNAME, "eth0");
  mac_of(address_of(subnet, 4), 0x02, mac);
  put(&batch, IFLA_ADDRESS, mac, 6);
  put_u32(&batch, IFLA_NET_NS_FD, namespace_fd);
  end_nest(&batch, peer);
  end_nest(&batch, data);
  end_nest(&batch, info);
  end_message(&batch);
}

static void set_port_up(int index) {
  struct ifinfomsg *link = message(&batch, RTM_NEWLINK, 0, sizeof *link);
  link->ifi_index = index;
  link->ifi_flags = link->ifi_change = IFF_UP;
  struct rtattr *info = nest(&batch, IFLA_LINKINFO);
  put_text(&batch, IFLA_INFO_SLAVE_KIND, "bridge");
  struct rtattr *port = nest(&batch, IFLA_INFO_SLAVE_DATA);
  put_u8(&batch, IFLA_BRPORT_ISOLATED, 1);
  put_u8(&batch, IFLA_BRPORT_LEARNING, 0);
  put_u8(&batch, IFLA_BRPORT_UNICAST_FLOOD, 0);
  put_u8(&batch, IFLA_BRPORT_MCAST_FLOOD, 0);
  put_u8(&batch, IFLA_BRPORT_BCAST_FLOOD, 0);
  end_nest(&batch, port);
  end_nest(&batch, info);
  end_message(&batch);
}

static void new_address(uint32_t address, int index) {
  struct ifaddrmsg *a = message(&batch, RTM_NEWADDR, create, sizeof *a);
  *a = (struct ifaddrmsg){.ifa_family = AF_INET, .ifa_prefixlen = 26, .ifa_index = index};
  put(&batch, IFA_LOCAL, &address, 4);
  put(&batch, IFA_ADDRESS, &address, 4);
  end_message(&batch);
}

static void new_neighbour(uint32_t address, const uint8_t mac[6], int index) {
  struct ndmsg *n = message(&batch, RTM_NEWNEIGH, create, sizeof *n);
  *n = (struct ndmsg){.ndm_family = AF_INET, .ndm_ifindex = index, .ndm_state = NUD_PERMANENT};
  put(&batch, NDA_DST, &address, 4);
  put(&batch, NDA_LLADDR, mac, 6);
  end_message(&batch);
}

static void new_fdb_entry(const uint8_t mac[6], int port) {
  struct ndmsg *n = message(&batch, RTM_NEWNEIGH, create, sizeof *n);
  *n = (struct ndmsg){.ndm_family = AF_BRIDGE, .ndm_ifindex = port, .ndm_state = NUD_NOARP | NUD_REACHABLE, .ndm_flags = NTF_MASTER};
  put(&batch, NDA_LLADDR, mac, 6);
  end_message(&batch);
}

static struct rtmsg *start_route(int type, int table, uint32_t destination, int prefix) {
  struct rtmsg *r = message(&batch, RTM_NEWROUTE, create, sizeof *r);
  *r = (struct rtmsg){.rtm_family = AF_INET, .rtm_dst_len = prefix, .rtm_table = table < 256 ? table : RT_TABLE_UNSPEC, .rtm_protocol = protocol,
                      .rtm_scope = RT_SCOPE_UNIVERSE, .rtm_type = type};
  put_u32(&batch, RTA_TABLE, table);
  if (prefix > 0) put(&batch, RTA_DST, &destination, 4);
  return r;
}

// A metric of 1 for the VPC's own block: it must lose against a subnet that is as large.
static void new_blackhole(int table, uint32_t destination, int prefix) {
  start_route(RTN_BLACKHOLE, table, destination, prefix);
  if (prefix > 0) put_u32(&batch, RTA_PRIORITY, 1);
  end_message(&batch);
}

static void new_default_route(uint32_t gateway) {
  start_route(RTN_UNICAST, main_table, 0, 0);
  put(&batch, RTA_GATEWAY, &gateway, 4);
  put_u32(&batch, RTA_OIF, eth0_index);
  end_message(&batch);
}

static void new_rule(int priority, int table, int fwmark, int suppress) {
  struct fib_rule_hdr *r = message(&batch, RTM_NEWRULE, create, sizeof *r);
  *r = (struct fib_rule_hdr){.family = AF_INET, .action = FR_ACT_TO_TBL, .table = table < 256 ? table : RT_TABLE_UNSPEC};
  put_u32(&batch, FRA_PRIORITY, priority);
  put_u32(&batch, FRA_TABLE, table);
  put_u8(&batch, FRA_PROTOCOL, protocol);
  if (fwmark) put_u32(&batch, FRA_FWMARK, fwmark);
  if (suppress >= 0) put_u32(&batch, FRA_SUPPRESS_PREFIXLEN, suppress);
  end_message(&batch);
}

// -- nftables

// Reads a ruleset as text; `fill` writes it. The one process this program starts, in the router's namespace.
static void nft(void (*fill)(FILE *, int, int), int first, int count) {
  if (!with_nft) return;
  enter("vpc.bench");
  FILE *pipe = popen("exec nft -f -", "we");
  if (!pipe) err(1, "start nft");
  fill(pipe, first, count);
  if (pclose(pipe)) errx(1, "nft failed");
}

static const char *const ruleset =
  "table bridge vpcctl {\n"
  "  map sources { typeof iifname . ether saddr . ip saddr : meta mark; }\n"
  "  chain prerouting {\n"
  "    type filter hook prerouting priority -300; policy drop;\n"
  "    meta mark set iifname . ether saddr . ip saddr map @sources accept\n"
  "    meta mark set iifname . ether saddr . arp saddr ip map @sources"
  "      meta mark set iifname . arp saddr ether . arp saddr ip map @sources accept\n"
  "  }\n"
  "}\n"
  "table inet vpcctl {\n"
  "  set attached { type ipv4_addr; }\n"
  "  chain input {\n"
  "    type filter hook input priority 0; policy drop;\n"
  "    ct state { established, related } accept\n"
  "    iifname br-bench icmp type echo-request accept\n"
  "  }\n"
  "  chain forward {\n"
  "    type filter hook forward priority 0; policy drop;\n"
  "    ct state vmap { invalid : drop, established : accept, related : accept }\n"
  "    iifname br-bench oifname br-bench ip daddr @attached accept\n"
  "  }\n"
  "}\n";

static void elements(FILE *out, int first, int count) {
  if (!count) return;
  fprintf(out, "add element bridge vpcctl sources {");
  for (int i = first; i < first + count; i++) {
    unsigned n = 64 * i + 4;
    fprintf(out, "%s\"v-s%d\" . 02:76:0a:00:%02x:%02x . 10.0.%u.%u : %d", i > first ? "," : "", i, n >> 8, n & 255, n >> 8, n & 255, mark);
  }
  fprintf(out, "}\nadd element inet vpcctl attached {");
  for (int i = first; i < first + count; i++) fprintf(out, "%s10.0.%u.%u", i > first ? "," : "", (64u * i + 4) >> 8, (64u * i + 4) & 255);
  fprintf(out, "}\n");
}

static void tables_and_elements(FILE *out, int first, int count) {
  fputs(ruleset, out);
  elements(out, first, count);
}

// -- the VPC

static const struct { const char *path, *value; bool optional; } router_settings[] = {
  {"/proc/sys/net/ipv6/conf/default/disable_ipv6", "1", true},
  {"/proc/sys/net/ipv6/conf/all/disable_ipv6", "1", true},
  {"/proc/sys/net/bridge/bridge-nf-call-arptables", "0", true},
  {"/proc/sys/net/bridge/bridge-nf-call-ip6tables", "0", true},
  {"/proc/sys/net/bridge/bridge-nf-call-iptables", "0", true},
  {"/proc/sys/net/ipv4/conf/all/rp_filter", "0", false},
  {"/proc/sys/net/ipv4/conf/default/rp_filter", "0", false},
  {"/proc/sys/net/ipv4/conf/all/send_redirects", "0", false},
  {"/proc/sys/net/ipv4/conf/default/send_redirects", "0", false},
  {"/proc/sys/net/ipv4/ip_forward", "1", false},
}, bridge_settings[] = {
  {"/proc/sys/net/ipv4/conf/br-bench/proxy_arp_pvlan", "1", false},
  {"/proc/sys/net/ipv4/neigh/br-bench/proxy_delay", "0", false},
  {"/proc/sys/net/ipv4/conf/br-bench/accept_local", "1", false},
};

static int build_router(void) {
  enter_new_namespace("vpc.bench");
  int socket = open_netlink();
  set_loopback("vpcctl vpc bench");
  send_batch(socket, &batch);
  for (unsigned i = 0; i < sizeof router_settings / sizeof *router_settings; i++)
    write_file(router_settings[i].path, router_settings[i].value, router_settings[i].optional);
  new_bridge();
  set_up(bridge_index);
  new_rule(100, main_table, 0, 0);
  new_blackhole(main_table, htonl(10u << 24), 16);
  new_blackhole(table_of_mark, 0, 0);
  new_rule(table_of_mark, table_of_mark, mark, -1);
  send_batch(socket, &batch);
  for (unsigned i = 0; i < sizeof bridge_settings / sizeof *bridge_settings; i++)
    write_file(bridge_settings[i].path, bridge_settings[i].value, bridge_settings[i].optional);
  return socket;
}

static void build_subnet(int router, int subnet) {
  char name[32], alias[64];
  uint8_t mac[6];
  uint32_t gateway = address_of(subnet, 1), address = address_of(subnet, 4);
  mac_of(address, 0x02, mac);
  snprintf(name, sizeof name, "vpc.bench.s%d", subnet);
  snprintf(alias, sizeof alias, "vpcctl subnet bench/s%d", subnet);
  enter_new_namespace(name);
  int inside = open_netlink(), self = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  new_veth(subnet, self);
  set_port_up(first_port_index + subnet);
  new_address(gateway, bridge_index);
  new_neighbour(address, mac, bridge_index);
  new_fdb_entry(mac, first_port_index + subnet);
  send_batch(router, &batch);
  set_loopback(alias);
  no_ipv6_address(eth0_index);
  set_up(eth0_index);
  new_address(address, eth0_index);
  new_neighbour(gateway, router_mac, eth0_index);
  new_default_route(gateway);
  send_batch(inside, &batch);
  close(self);
  close(inside);
}

static void build(int count) {
  prepare_directory();
  int router = build_router();
  for (int i = 0; i < count; i++) build_subnet(router, i);
  nft(tables_and_elements, 0, count);
}

static void add_one(int subnet) {
  enter("vpc.bench");
  build_subnet(open_netlink(), subnet);
  nft(elements, subnet, 1);
}

// The names go one by one; the kernel takes the namespaces down in the background, all links of a namespace at once.
static void delete_all(void) {
  DIR *directory = opendir(namespaces);
  if (!directory) err(1, "%s", namespaces);
  for (struct dirent *entry; (entry = readdir(directory));) {
    if (strncmp(entry->d_name, "vpc.bench", 9)) continue;
    if (umount2(path_of(entry->d_name), MNT_DETACH) || unlink(path_of(entry->d_name))) err(1, "delete namespace %s", entry->d_name);
  }
  closedir(directory);
}

// The kernel counts a user namespace's network namespaces until the last trace of each is gone. With the limit set to the one that is
// left plus one, making another succeeds exactly when all deleted ones are really gone.
static void wait_for_kernel(void) {
  write_file("/proc/sys/user/max_net_namespaces", "2", false);
  for (int tries = 0; unshare(CLONE_NEWNET); tries++) {
    if (errno != ENOSPC) err(1, "wait for the kernel");
    if (tries > 120000) errx(1, "deleted namespaces are still there after a minute: who holds them?");
    usleep(500);
  }
  write_file("/proc/sys/user/max_net_namespaces", "100000", false);
}

int main(int argc, char **argv) {
  if (argc > 1 && !strcmp(argv[1], "--no-nft")) with_nft = false, argc--, argv++;
  const char *command = argc > 1 ? argv[1] : "";
  int number = argc > 2 ? atoi(argv[2]) : -1;
  if (!strcmp(command, "build") && number >= 0) build(number);
  else if (!strcmp(command, "add-one") && number >= 0) add_one(number);
  else if (!strcmp(command, "delete")) delete_all();
  else if (!strcmp(command, "wait")) wait_for_kernel();
  else errx(2, "usage: c-limit [--no-nft] build N | add-one N | delete | wait");
}
