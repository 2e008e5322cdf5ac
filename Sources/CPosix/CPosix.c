#define _GNU_SOURCE
#include "CPosix.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <limits.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int posix_rename_no_replace(const char *from, const char *to) {
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    struct stat one, other;
    if (errno == EINVAL || errno == ENOSYS) {
        // A file system without that flag. A folder never takes the place of another one that has something in it; for
        // a file, a link is as careful.
        if (lstat(from, &one) == 0 && S_ISDIR(one.st_mode)) {
            return rename(from, to) == 0 ? 0 : errno == ENOTEMPTY ? EEXIST : errno;
        }
        if (link(from, to) == 0) {
            return unlink(from) == 0 ? 0 : errno;
        }
    }
    if (errno != EEXIST) {
        return errno;
    }
    // A crash between those two, or a power cut where folders keep their names apart, leaves one file both names.
    if (lstat(from, &one) != 0 || lstat(to, &other) != 0) {
        return errno;
    }
    if (one.st_dev != other.st_dev || one.st_ino != other.st_ino) {
        return EEXIST;
    }
    return unlink(from) == 0 ? 0 : errno;
}

int posix_nobody_writes(int descriptor) {
    if (fcntl(descriptor, F_SETLEASE, F_RDLCK) == 0) {
        fcntl(descriptor, F_SETLEASE, F_UNLCK);
        return 1;
    }
    return errno == EAGAIN || errno == EBUSY ? 0 : -1;
}

void *posix_iconv_open(const char *to, const char *from) {
    iconv_t converter = iconv_open(to, from);
    return converter == (iconv_t)-1 ? NULL : (void *)converter;
}

void posix_iconv_close(void *converter) { iconv_close((iconv_t)converter); }

ptrdiff_t posix_iconv(
    void *converter, const uint8_t *from, size_t length, uint8_t *to, size_t capacity, size_t *consumed) {
    char *in = (char *)from;
    char *out = (char *)to;
    size_t left = length, room = capacity;
    iconv((iconv_t)converter, NULL, NULL, NULL, NULL);
    size_t outcome = iconv((iconv_t)converter, &in, &left, &out, &room);
    *consumed = length - left;
    if (outcome == (size_t)-1) {
        return errno == E2BIG ? -2 : -1;
    }
    return (ptrdiff_t)(capacity - room);
}

static char crash_path[PATH_MAX];

static void leave_mark(int number) {
    // Only calls that are safe in a signal handler.
    int descriptor = open(crash_path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor >= 0) {
        close(descriptor);
    }
    raise(number);
}

void posix_mark_crash(const char *path) {
    static const int numbers[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE};
    // A stack that has run out can't hold the handler.
    static char stack[1 << 16];
    struct sigaction action = {0};
    if (path != NULL) {
        strncpy(crash_path, path, sizeof crash_path - 1);
        stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
        sigaltstack(&other, NULL);
        action.sa_handler = leave_mark;
        action.sa_flags = SA_RESETHAND | SA_NODEFER | SA_ONSTACK;
    } else {
        action.sa_handler = SIG_DFL;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        sigaction(numbers[i], &action, NULL);
    }
}

void posix_trim_memory(void) { malloc_trim(0); }
