/*
 * Preloaded into Chromium before umockdev's own library: lets the browser open /dev/ttyACM<n>
 * although no such device exists. The name is a symbolic link in $JAMBENCH_USB_DIR that leads to a
 * pseudo-terminal; what a pseudo-terminal lacks, the modem lines DTR and RTS, is answered here and
 * passed on over the stream socket <name>.lines beside the link.
 *
 * One message a change: two characters '0' or '1', DTR then RTS. The other side answers one byte
 * once the unit has seen it, as a USB control transfer would: data written afterwards cannot
 * overtake the lines. Knows nothing of the chip, of RFC 2217 or of the browser.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define DEVICE_PREFIX "/dev/ttyACM"
/* File descriptors a browser process may hold; a port beyond it is refused with EMFILE. */
#define FD_MAX 4096
/* Longer than any step of the reset sequences; a unit that is gone must not hang the browser. */
#define ACK_TIMEOUT_MS 2000

/* What is known of each descriptor that is one of our ports; socket + 1, so that 0 = not ours. */
static struct { int socket_plus_1; int lines; } ports[FD_MAX];

static int connect_lines(const char *directory, const char *name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s/%s.lines", directory, name);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
    close(fd);
    return -1;
  }
  return fd;
}

static void set_lines(int fd, int lines) {
  lines &= TIOCM_DTR | TIOCM_RTS;
  if (ports[fd].lines == lines) return;
  ports[fd].lines = lines;
  int peer = ports[fd].socket_plus_1 - 1;
  char message[2] = {lines & TIOCM_DTR ? '1' : '0', lines & TIOCM_RTS ? '1' : '0'};
  if (send(peer, message, sizeof message, MSG_NOSIGNAL) != (ssize_t)sizeof message) return;
  struct pollfd answer = {.fd = peer, .events = POLLIN};
  char ack;
  if (poll(&answer, 1, ACK_TIMEOUT_MS) == 1) (void)!recv(peer, &ack, 1, 0);
}

/* Opens the pseudo-terminal behind `path`, or returns -2 when the path is none of ours. */
static int open_port(const char *path, int flags) {
  const char *directory = getenv("JAMBENCH_USB_DIR");
  if (!directory || strncmp(path, DEVICE_PREFIX, strlen(DEVICE_PREFIX)) != 0) return -2;
  const char *name = strrchr(path, '/') + 1;
  char link[PATH_MAX], terminal[PATH_MAX];
  snprintf(link, sizeof link, "%s/%s", directory, name);
  ssize_t length = readlink(link, terminal, sizeof terminal - 1);
  if (length < 0) {
    errno = ENOENT;
    return -1;
  }
  terminal[length] = 0;
  /* the system call itself: umockdev would look for the terminal in its own tree */
  int fd = (int)syscall(SYS_openat, AT_FDCWD, terminal, flags | O_NOCTTY, 0);
  if (fd < 0) return -1;
  int peer = fd < FD_MAX ? connect_lines(directory, name) : -1;
  if (peer < 0) {
    syscall(SYS_close, fd);
    errno = fd < FD_MAX ? EIO : EMFILE;
    return -1;
  }
  ports[fd].socket_plus_1 = peer + 1;
  ports[fd].lines = 0;
  /* Linux' cdc-acm driver raises both lines when a port is opened */
  set_lines(fd, TIOCM_DTR | TIOCM_RTS);
  return fd;
}

#define OPEN_WRAPPER(name)                                              \
  int name(const char *path, int flags, ...) {                          \
    static int (*next)(const char *, int, ...);                         \
    if (!next) next = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name); \
    va_list list;                                                       \
    va_start(list, flags);                                              \
    mode_t mode = (mode_t)va_arg(list, int);                            \
    va_end(list);                                                       \
    int fd = open_port(path, flags);                                    \
    return fd == -2 ? next(path, flags, mode) : fd;                     \
  }
OPEN_WRAPPER(open)
OPEN_WRAPPER(open64)

int ioctl(int fd, unsigned long request, ...) {
  static int (*next)(int, unsigned long, ...);
  if (!next) next = (int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl");
  va_list list;
  va_start(list, request);
  int *argument = va_arg(list, int *);
  va_end(list);
  if (fd < 0 || fd >= FD_MAX || ports[fd].socket_plus_1 == 0) return next(fd, request, argument);
  switch (request) {
    case TIOCMGET:
      *argument = ports[fd].lines;
      return 0;
    case TIOCMSET:
      set_lines(fd, *argument);
      return 0;
    case TIOCMBIS:
      set_lines(fd, ports[fd].lines | *argument);
      return 0;
    case TIOCMBIC:
      set_lines(fd, ports[fd].lines & ~*argument);
      return 0;
    default:
      return next(fd, request, argument);
  }
}

int close(int fd) {
  static int (*next)(int);
  if (!next) next = (int (*)(int))dlsym(RTLD_NEXT, "close");
  if (fd >= 0 && fd < FD_MAX && ports[fd].socket_plus_1 != 0) {
    /* the driver drops both at hang-up, in one transfer */
    set_lines(fd, 0);
    next(ports[fd].socket_plus_1 - 1);
    ports[fd].socket_plus_1 = 0;
  }
  return next(fd);
}
