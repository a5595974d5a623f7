/*
 * A machine that fails: preloaded into a process, it lets writes into some files fail and sets the
 * clock on the wall, as a test tells it in one shared page.
 *
 * The shared file is named by KEYHOLD_MACHINE_CONTROL; KEYHOLD_MACHINE_FILES is what the paths of
 * those files begin with.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* What io.keyhold.e2e.Machine knows. */
struct control {
    _Atomic int64_t first; /* which write from now on is the first to fail; 0: none does */
    _Atomic int64_t times; /* how many fail from there on */
    _Atomic int64_t error; /* with this errno */
    _Atomic int64_t calls; /* writes since the test has set `first` */
    _Atomic int64_t ahead; /* seconds that the wall's clock is ahead */
};

static struct control *control;
static const char *files;

__attribute__((constructor)) static void begin(void) {
    const char *page_file = getenv("KEYHOLD_MACHINE_CONTROL");
    files = getenv("KEYHOLD_MACHINE_FILES");
    int fd = page_file == NULL || files == NULL ? -1 : open(page_file, O_RDWR);
    if (fd >= 0) {
        void *page = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        control = page == MAP_FAILED ? NULL : page;
        close(fd);
    }
}

/* --- writes ------------------------------------------------------------------------------- */

static bool is_concerned(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) {
        return false;
    }
    path[length] = 0;
    return strncmp(path, files, strlen(files)) == 0;
}

static bool fails(int fd) {
    if (control == NULL || control->first == 0 || !is_concerned(fd)) {
        return false;
    }
    int64_t number = ++control->calls;
    if (number < control->first || number - control->first >= control->times) {
        return false;
    }
    errno = (int)control->error;
    return true;
}

/* Defines a function that either fails for a file descriptor, or calls the real one. */
#define SHIM(type, name, parameters, arguments, fd, failure)                                     \
    type name parameters {                                                                       \
        static type(*real) parameters;                                                           \
        if (real == NULL) {                                                                      \
            real = (type(*) parameters)dlsym(RTLD_NEXT, #name);                                  \
        }                                                                                        \
        return fails(fd) ? (failure) : real arguments;                                           \
    }

SHIM(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size), fd, -1)
SHIM(ssize_t, writev, (int fd, const struct iovec *data, int count), (fd, data, count), fd, -1)
SHIM(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at), fd,
     -1)
SHIM(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t at),
     (fd, data, size, at), fd, -1)
SHIM(int, fsync, (int fd), (fd), fd, -1)
SHIM(int, fdatasync, (int fd), (fd), fd, -1)
SHIM(int, ftruncate, (int fd, off_t size), (fd, size), fd, -1)
SHIM(int, ftruncate64, (int fd, off64_t size), (fd, size), fd, -1)
SHIM(size_t, fwrite, (const void *data, size_t size, size_t count, FILE *file),
     (data, size, count, file), fileno(file), 0)
SHIM(int, fflush, (FILE *file), (file), file == NULL ? -1 : fileno(file), EOF)

/* --- the clock on the wall ---------------------------------------------------------------- */

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (real == NULL) {
        real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    }
    int answer = real(clock, now);
    if (answer == 0 && control != NULL && clock == CLOCK_REALTIME) {
        now->tv_sec += control->ahead;
    }
    return answer;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    static int (*real)(struct timeval *, void *);
    if (real == NULL) {
        real = (int (*)(struct timeval *, void *))dlsym(RTLD_NEXT, "gettimeofday");
    }
    int answer = real(now, zone);
    if (answer == 0 && control != NULL) {
        now->tv_sec += control->ahead;
    }
    return answer;
}
