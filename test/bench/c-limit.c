// The physical limit: the kernel objects that vpcctl makes, made by raw netlink with as little else as possible.
//
//   c-limit build PLAN N      one of the plans of plans.ts (subnets, instances, vpcs) with N of them, in the current network namespace
//   c-limit add-one PLAN N    number N more (subnets, instances)
//   c-limit delete            everything, namespace by namespace
//   c-limit wait              returns when the kernel has finished with all deleted namespaces (only in a sandbox; see wait_for_kernel)
//
// What makes it fast: interface numbers are chosen here, so nothing is ever asked; all messages to one namespace travel in one send;
// the veth peer is made inside the attachment's namespace, not moved there; links are made down, set up last, and never deleted one by
// one; nftables goes through libnftables in this process, one transaction for each VPC, from text that is ready in /run/bench-nft.
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

enum { local_rule = 500, last_table = 253, bridge_index = 2, eth0_index = 2, first_port_index = 100, protocol = 118, mark = 1, table_of_mark = 1001, main_table = 254 };
static const uint8_t router_mac[6] = {0x02, 0x76, 0, 0, 0, 1};
static const char *const namespaces = "/run/netns";
static const int create = NLM_F_CREATE | NLM_F_EXCL;
static struct batch batch;

// A subnet's own namespace, or an instance.
struct attachment {
  const char *vpc, *path, *port; // path: s0, or s0/i0
  uint32_t address, gateway;     // gateway: 0 where the router has the subnet's address already
  int slot, prefix;
};

static uint32_t address_at(unsigned n) { return htonl((10u << 24) + n); }

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

static void new_bridge(const char *vpc) {
  char name[IFNAMSIZ];
  snprintf(name, sizeof name, "br-%s", vpc);
  struct ifinfomsg *link = message(&batch, RTM_NEWLINK, create, sizeof *link);
  link->ifi_index = bridge_index;
  put_text(&batch, IFLA_IFNAME, name);
  put(&batch, IFLA_ADDRESS, router_mac, 6);
  struct rtattr *info = nest(&batch, IFLA_LINKINFO);
  put_text(&batch, IFLA_INFO_KIND, "bridge");
  struct rtattr *data = nest(&batch, IFLA_INFO_DATA);
  put_u8(&batch, IFLA_BR_MCAST_SNOOPING, 0);
  end_nest(&batch, data);
  end_nest(&batch, info);
  end_message(&batch);
}

static void new_veth(const struct attachment *at, int namespace_fd) {
  uint8_t mac[6];
  struct ifinfomsg *link = message(&batch, RTM_NEWLINK, create, sizeof *link);
  link->ifi_index = first_port_index + at->slot;
  put_text(&batch, IFLA_IFNAME, at->port);
  mac_of(at->address, 0x06, mac);
  put(&batch, IFLA_ADDRESS, mac, 6);
  put_u32(&batch, IFLA_MASTER, bridge_index);
  struct rtattr *info = nest(&batch, IFLA_LINKINFO);
  put_text(&batch, IFLA_INFO_KIND, "veth");
  struct rtattr *data = nest(&batch, IFLA_INFO_DATA), *peer = nest(&batch, VETH_INFO_PEER);
  ((struct ifinfomsg *)append(&batch, sizeof *link))->ifi_index = eth0_index;
  put_text(&batch, IFLA_IFNAME, "eth0");
  mac_of(at->address, 0x02, mac);
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

static void new_address(uint32_t address, int prefix, int index) {
  struct ifaddrmsg *a = message(&batch, RTM_NEWADDR, create, sizeof *a);
  *a = (struct ifaddrmsg){.ifa_family = AF_INET, .ifa_prefixlen = prefix, .ifa_index = index};
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

// libnftables has no header here; these four are all of it that is needed.
struct nft_ctx;
struct nft_ctx *nft_ctx_new(uint32_t flags);
void nft_ctx_free(struct nft_ctx *ctx);
int nft_run_cmd_from_buffer(struct nft_ctx *ctx, const char *text);

// Runs a file of /run/bench-nft as one transaction in the namespace the process is in.
static void nft(const char *name) {
  char path[128];
  snprintf(path, sizeof path, "/run/bench-nft/%s", name);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  struct stat about;
  if (file < 0 || fstat(file, &about)) err(1, "%s", path);
  char *text = calloc(1, about.st_size + 1);
  if (!text || read(file, text, about.st_size) != about.st_size) err(1, "read %s", path);
  close(file);
  struct nft_ctx *context = nft_ctx_new(0);
  if (nft_run_cmd_from_buffer(context, text)) errx(1, "nft refused %s", path);
  nft_ctx_free(context);
  free(text);
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
};

static const struct { const char *format, *value; } bridge_settings[] = {
  {"/proc/sys/net/ipv4/conf/br-%s/proxy_arp_pvlan", "1"},
  {"/proc/sys/net/ipv4/conf/br-%s/proxy_arp", "0"},
  {"/proc/sys/net/ipv4/neigh/br-%s/proxy_delay", "0"},
  {"/proc/sys/net/ipv4/conf/br-%s/accept_local", "1"},
};

static int build_router(const char *vpc) {
  char name[32], alias[64], path[96];
  snprintf(name, sizeof name, "vpc.%s", vpc);
  snprintf(alias, sizeof alias, "vpcctl vpc %s", vpc);
  enter_new_namespace(name);
  int socket = open_netlink();
  set_loopback(alias);
  send_batch(socket, &batch);
  for (unsigned i = 0; i < sizeof router_settings / sizeof *router_settings; i++)
    write_file(router_settings[i].path, router_settings[i].value, router_settings[i].optional);
  new_bridge(vpc);
  set_up(bridge_index);
  new_rule(local_rule, main_table, 0, 0);
  new_blackhole(main_table, htonl(10u << 24), 16);
  new_blackhole(last_table, 0, 0);
  new_blackhole(table_of_mark, 0, 0);
  new_rule(table_of_mark, table_of_mark, mark, -1);
  send_batch(socket, &batch);
  for (unsigned i = 0; i < sizeof bridge_settings / sizeof *bridge_settings; i++) {
    snprintf(path, sizeof path, bridge_settings[i].format, vpc);
    write_file(path, bridge_settings[i].value, false);
  }
  return socket;
}

static void build_attachment(int router, const struct attachment *at) {
  char name[64], alias[96];
  uint8_t mac[6];
  const char *instance = strchr(at->path, '/');
  uint32_t gateway = at->gateway ? at->gateway : address_at(1);
  mac_of(at->address, 0x02, mac);
  snprintf(name, sizeof name, "vpc.%s.%s", at->vpc, at->path);
  if (instance) *strchr(name, '/') = '.';
  snprintf(alias, sizeof alias, "vpcctl %s %s/%s", instance ? "instance" : "subnet", at->vpc, at->path);
  enter_new_namespace(name);
  int inside = open_netlink(), self = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  new_veth(at, self);
  set_port_up(first_port_index + at->slot);
  if (at->gateway) new_address(at->gateway, at->prefix, bridge_index);
  new_neighbour(at->address, mac, bridge_index);
  new_fdb_entry(mac, first_port_index + at->slot);
  send_batch(router, &batch);
  set_loopback(alias);
  no_ipv6_address(eth0_index);
  set_up(eth0_index);
  new_address(at->address, at->prefix, eth0_index);
  new_neighbour(gateway, router_mac, eth0_index);
  new_default_route(gateway);
  send_batch(inside, &batch);
  close(self);
  close(inside);
}

static void build_subnet(int router, const char *vpc, int n, int prefix) {
  char path[16], port[16];
  snprintf(path, sizeof path, "s%d", n);
  snprintf(port, sizeof port, "v-s%d", n);
  build_attachment(router, &(struct attachment){vpc, path, port, address_at(64 * n + 4), address_at(64 * n + 1), n, prefix});
}

static void build_instance(int router, int n) {
  char path[24], port[16];
  snprintf(path, sizeof path, "s0/i%d", n);
  snprintf(port, sizeof port, "i-i%d", n);
  build_attachment(router, &(struct attachment){"bench", path, port, address_at(n + 5), 0, n + 1, 18});
}

static void finish_vpc(const char *vpc, int router) {
  char name[32];
  snprintf(name, sizeof name, "vpc.%s", vpc);
  enter(name);
  close(router);
  snprintf(name, sizeof name, "%s.all", vpc);
  nft(name);
}

static void build(const char *plan, int count) {
  prepare_directory();
  if (!strcmp(plan, "vpcs")) {
    for (int i = 0; i < count; i++) {
      char vpc[16];
      snprintf(vpc, sizeof vpc, "v%d", i);
      int router = build_router(vpc);
      build_subnet(router, vpc, 0, 26);
      finish_vpc(vpc, router);
    }
    return;
  }
  int router = build_router("bench");
  if (!strcmp(plan, "instances")) {
    build_subnet(router, "bench", 0, 18);
    for (int i = 0; i < count; i++) build_instance(router, i);
  } else {
    for (int i = 0; i < count; i++) build_subnet(router, "bench", i, 26);
  }
  finish_vpc("bench", router);
}

static void add_one(const char *plan, int n) {
  char name[32];
  enter("vpc.bench");
  int router = open_netlink();
  if (!strcmp(plan, "instances")) build_instance(router, n);
  else build_subnet(router, "bench", n, 26);
  enter("vpc.bench");
  snprintf(name, sizeof name, "bench.%d", n);
  nft(name);
}

// The names go one by one; the kernel takes the namespaces down in the background, all links of a namespace at once.
static void delete_all(void) {
  DIR *directory = opendir(namespaces);
  if (!directory) err(1, "%s", namespaces);
  for (struct dirent *entry; (entry = readdir(directory));) {
    if (strncmp(entry->d_name, "vpc.", 4)) continue;
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
  const char *command = argc > 1 ? argv[1] : "", *plan = argc > 2 ? argv[2] : "";
  int number = argc > 3 ? atoi(argv[3]) : -1;
  if (!strcmp(command, "build") && number >= 0) build(plan, number);
  else if (!strcmp(command, "add-one") && number >= 0) add_one(plan, number);
  else if (!strcmp(command, "delete")) delete_all();
  else if (!strcmp(command, "wait")) wait_for_kernel();
  else errx(2, "usage: c-limit build PLAN N | add-one PLAN N | delete | wait");
}
