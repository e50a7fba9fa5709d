// As much of rtnetlink as c-limit.c needs: messages are appended to one buffer, and the buffer goes out in one send.
//
// Only the last message of a batch asks for an acknowledgement: refusals are reported anyway, and the kernel works a batch off inside
// sendmsg, so when the acknowledgement is there, everything is done.
#ifndef BENCH_NETLINK_H
#define BENCH_NETLINK_H
#include <err.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct batch {
  char bytes[16384]; // the largest batch here is about 600
  int length;
  struct nlmsghdr *last;
};

static inline void *append(struct batch *b, int size) {
  void *place = b->bytes + b->length;
  b->length += NLMSG_ALIGN(size);
  if (b->length > (int)sizeof b->bytes) errx(70, "batch too long");
  memset(place, 0, NLMSG_ALIGN(size));
  return place;
}

// Starts a message and returns its family header. Requests to create fail when the object is there: nothing is taken over unseen.
static inline void *message(struct batch *b, int type, int flags, int header_size) {
  b->last = append(b, NLMSG_HDRLEN);
  b->last->nlmsg_type = type;
  b->last->nlmsg_flags = NLM_F_REQUEST | flags;
  return append(b, header_size);
}

// Lengths are set when the next message starts or the batch is sent: call after the last attribute of each message.
static inline void end_message(struct batch *b) { b->last->nlmsg_len = b->bytes + b->length - (char *)b->last; }

static inline void put(struct batch *b, int type, const void *data, int size) {
  struct rtattr *a = append(b, RTA_LENGTH(size));
  a->rta_type = type;
  a->rta_len = RTA_LENGTH(size);
  memcpy(RTA_DATA(a), data, size);
}

static inline void put_u32(struct batch *b, int type, uint32_t value) { put(b, type, &value, 4); }
static inline void put_u8(struct batch *b, int type, uint8_t value) { put(b, type, &value, 1); }
static inline void put_text(struct batch *b, int type, const char *text) { put(b, type, text, strlen(text) + 1); }

static inline struct rtattr *nest(struct batch *b, int type) {
  struct rtattr *a = append(b, RTA_LENGTH(0));
  a->rta_type = type | NLA_F_NESTED;
  return a;
}

static inline void end_nest(struct batch *b, struct rtattr *a) { a->rta_len = b->bytes + b->length - (char *)a; }

// A socket stays in the network namespace in which it is opened.
static inline int open_netlink(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), on = 1;
  if (fd < 0) err(1, "netlink socket");
  setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
  setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
  return fd;
}

static inline void send_batch(int fd, struct batch *b) {
  char answer[8192];
  b->last->nlmsg_flags |= NLM_F_ACK;
  if (send(fd, b->bytes, b->length, 0) != b->length) err(1, "netlink send");
  for (;;) {
    int length = recv(fd, answer, sizeof answer, 0);
    if (length < 0) err(1, "netlink receive");
    for (struct nlmsghdr *h = (void *)answer; NLMSG_OK(h, (unsigned)length); h = NLMSG_NEXT(h, length)) {
      struct nlmsgerr *e = NLMSG_DATA(h);
      if (h->nlmsg_type != NLMSG_ERROR) continue;
      if (e->error) errx(1, "the kernel refused message type %d: %s", e->msg.nlmsg_type, strerror(-e->error));
      b->length = 0;
      return;
    }
  }
}
#endif
