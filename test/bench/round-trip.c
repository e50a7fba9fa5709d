// Measures round trips without help from any library or timer wheel: one message out, wait, one message in, again and again.
//
//   round-trip icmp ADDRESS COUNT         echo requests; the far side answers inside the kernel, so this is the path alone
//   round-trip tcp ADDRESS PORT COUNT     one byte there and back between two processes: path plus two wake-ups
//   round-trip serve PORT                 the far side of `tcp`; ends with the first connection
//   round-trip connect ADDRESS PORT COUNT new connections one after the other, each until the far side has accepted and closed it
//   round-trip accept PORT                the far side of `connect`; goes on until it is killed
//
// Prints the microseconds of the median, the 99th percentile and the mean as JSON. Options before the mode: -c CPU pins the process:
// the scheduler otherwise moves the two sides between cores, and the result is a throw of dice.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static void report(double *sample, int count) {
  double sum = 0;
  for (int i = 0; i < count; i++) sum += sample[i];
  qsort(sample, count, sizeof *sample, by_value);
  printf("{\"median\":%.3f,\"p99\":%.3f,\"mean\":%.3f}\n", sample[count / 2], sample[(int)(count * 0.99)], sum / count);
}

static struct sockaddr_in endpoint(const char *address, int port) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (inet_pton(AF_INET, address, &a.sin_addr) != 1) errx(2, "not an address: %s", address);
  return a;
}

static uint16_t checksum(const void *data, int length) {
  const uint16_t *word = data;
  uint32_t sum = 0;
  for (int i = 0; i < length / 2; i++) sum += word[i];
  sum = (sum & 0xffff) + (sum >> 16);
  return ~(sum + (sum >> 16));
}

static void icmp(const char *address, int count, double *sample) {
  int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  if (fd < 0) err(1, "raw socket");
  struct sockaddr_in to = endpoint(address, 0);
  struct { struct icmphdr header; char payload[16]; } request;
  char answer[256];
  struct timeval patience = {.tv_sec = 2};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(fd, (struct sockaddr *)&to, sizeof to)) err(1, "connect");
  for (int i = 0; i < count; i++) {
    memset(&request, 0, sizeof request);
    request.header.type = ICMP_ECHO;
    request.header.un.echo.id = htons(77);
    request.header.un.echo.sequence = htons(i);
    request.header.checksum = checksum(&request, sizeof request);
    double start = now_us();
    if (send(fd, &request, sizeof request, 0) < 0) err(1, "send");
    for (;;) {
      if (recv(fd, answer, sizeof answer, 0) < 0) err(1, "no echo from %s", address);
      struct icmphdr *header = (struct icmphdr *)(answer + (answer[0] & 15) * 4);
      if (header->type == ICMP_ECHOREPLY && header->un.echo.sequence == htons(i)) break;
    }
    sample[i] = now_us() - start;
  }
}

static void exchange_bytes(int fd, int count, double *sample) {
  int on = 1;
  char byte = 'x';
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  for (int i = 0; i < count; i++) {
    double start = now_us();
    if (send(fd, &byte, 1, 0) != 1 || recv(fd, &byte, 1, 0) != 1) err(1, "exchange");
    sample[i] = now_us() - start;
  }
}

static void tcp(const char *address, int port, int count, double *sample) {
  struct sockaddr_in to = endpoint(address, port);
  for (int attempt = 0;; attempt++) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0) return exchange_bytes(fd, count, sample);
    if (errno != ECONNREFUSED || attempt == 200) err(1, "connect to %s", address);
    close(fd);
    usleep(10000); // the far side may still be starting
  }
}

static int listener(int port) {
  int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in at = endpoint("0.0.0.0", port);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 64)) err(1, "listen");
  return fd;
}

static void serve(int port) {
  int on = 1, peer = accept(listener(port), NULL, NULL);
  if (peer < 0) err(1, "accept");
  setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  for (char byte; recv(peer, &byte, 1, 0) == 1;)
    if (send(peer, &byte, 1, 0) != 1) return;
}

// Closed with a reset, so that no port is kept busy afterwards, however many connections there were.
static void connect_often(const char *address, int port, int count, double *sample) {
  struct sockaddr_in to = endpoint(address, port);
  struct linger reset = {.l_onoff = 1, .l_linger = 0};
  char byte;
  for (int i = 0, attempt = 0; i < count;) {
    double start = now_us();
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (connect(fd, (struct sockaddr *)&to, sizeof to)) {
      if (errno != ECONNREFUSED || i > 0 || ++attempt == 200) err(1, "connect to %s", address);
      usleep(10000); // the far side may still be starting
    } else {
      if (recv(fd, &byte, 1, 0)) err(1, "wait for the far side to close");
      sample[i++] = now_us() - start;
    }
    close(fd);
  }
}

static void accept_often(int port) {
  for (int fd = listener(port);;) {
    int peer = accept(fd, NULL, NULL);
    if (peer < 0) err(1, "accept");
    close(peer);
  }
}

int main(int argc, char **argv) {
  if (argc > 2 && !strcmp(argv[1], "-c")) {
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(atoi(argv[2]), &cpus);
    if (sched_setaffinity(0, sizeof cpus, &cpus)) err(1, "pin to CPU %s", argv[2]);
    argc -= 2, argv += 2;
  }
  const char *mode = argc > 1 ? argv[1] : "";
  if (!strcmp(mode, "serve") && argc == 3) return serve(atoi(argv[2])), 0;
  if (!strcmp(mode, "accept") && argc == 3) accept_often(atoi(argv[2]));
  int count = argc > 3 ? atoi(argv[argc - 1]) : 0;
  double *sample = calloc(count > 0 ? count : 1, sizeof *sample);
  if (!strcmp(mode, "icmp") && argc == 4 && count > 0) icmp(argv[2], count, sample);
  else if (!strcmp(mode, "tcp") && argc == 5 && count > 0) tcp(argv[2], atoi(argv[3]), count, sample);
  else if (!strcmp(mode, "connect") && argc == 5 && count > 0) connect_often(argv[2], atoi(argv[3]), count, sample);
  else errx(2, "usage: round-trip [-c CPU] icmp ADDRESS COUNT | tcp ADDRESS PORT COUNT | serve PORT | connect ADDRESS PORT COUNT | accept PORT");
  report(sample, count);
}
