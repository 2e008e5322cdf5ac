// Loaded before the C library (LD_PRELOAD), it counts the calls of a program that change something below one folder,
// over all its threads, writes them down with their bytes, and strikes at one of them. What is struck, and how, stands
// in the environment:
//
//   FAULT_ROOT    the folder; calls elsewhere pass
//   FAULT_LOG     file that gets a line a call, see `leave`
//   FAULT_FAMILY  "change" (the default), or "look": opening for reading, reading, listing
//   FAULT_BLOW    "kill", "after" (done, then killed), "torn" (half is written, then killed), "short" (half is
//                 written), or "fail"
//   FAULT_AT      number of the call that is struck, from 1; 0 strikes none
//   FAULT_ERRNO   what "fail" answers
//   FAULT_EVER    set: every call from that one on fails
//   FAULT_OLD     set: there is no renaming without replacing (renameat2), as on some file systems
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum family { CHANGE, LOOK };
enum blow { NONE, KILL, AFTER, TORN, SHORT, FAIL };

static struct {
    char root[PATH_MAX];
    size_t root_length;
    enum family family;
    enum blow blow;
    long at;
    int code;
    bool ever, old;
    int log;
} plan = {.log = -1};

static long count;
static pthread_mutex_t turn = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

// One call on its way. It holds the turn while it is counted, so the log's order is the order of what happened.
struct call {
    bool counted, fails, halves, dies;
    const char *name;
    char path[2 * PATH_MAX], other[2 * PATH_MAX];
};

__attribute__((constructor)) static void begin(void) {
    const char *blows[] = {"none", "kill", "after", "torn", "short", "fail"};
    const char *root = getenv("FAULT_ROOT"), *log = getenv("FAULT_LOG"), *blow = getenv("FAULT_BLOW");
    const char *at = getenv("FAULT_AT"), *code = getenv("FAULT_ERRNO"), *family = getenv("FAULT_FAMILY");
    if (root == NULL) {
        return;
    }
    snprintf(plan.root, sizeof plan.root, "%s", root);
    plan.root_length = strlen(plan.root);
    plan.family = family != NULL && strcmp(family, "look") == 0 ? LOOK : CHANGE;
    for (int i = 0; blow != NULL && i < (int)(sizeof blows / sizeof *blows); i++) {
        if (strcmp(blow, blows[i]) == 0) {
            plan.blow = (enum blow)i;
        }
    }
    plan.at = at != NULL ? atol(at) : 0;
    plan.code = code != NULL ? atoi(code) : EIO;
    plan.ever = getenv("FAULT_EVER") != NULL;
    plan.old = getenv("FAULT_OLD") != NULL;
    if (log != NULL) {
        // A high number, so that the program's own descriptors are numbered as ever.
        int low = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        plan.log = fcntl(low, F_DUPFD_CLOEXEC, 700);
        syscall(SYS_close, low);
    }
}

static bool inside(const char *path) {
    return plan.root_length > 0 && strncmp(path, plan.root, plan.root_length) == 0
        && (path[plan.root_length] == '/' || path[plan.root_length] == 0);
}

static bool path_of(int descriptor, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    path[length > 0 ? length : 0] = 0;
    return length > 0;
}

static void absolute(int folder, const char *path, char *whole) {
    char base[PATH_MAX] = ".";
    if (path[0] == '/') {
        snprintf(whole, 2 * PATH_MAX, "%s", path);
        return;
    }
    if (folder == AT_FDCWD) {
        syscall(SYS_getcwd, base, sizeof base);
    } else {
        path_of(folder, base);
    }
    snprintf(whole, 2 * PATH_MAX, "%s/%s", base, path);
}

static void put(const void *bytes, size_t length) {
    while (plan.log >= 0 && length > 0) {
        ssize_t done = syscall(SYS_write, plan.log, bytes, length);
        if (done <= 0) {
            return;
        }
        bytes = (const char *)bytes + done;
        length -= (size_t)done;
    }
}

__attribute__((noreturn)) static void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) {
        pause();
    }
}

// Counts a call whose path stands in it, and decides what becomes of it.
static void enter(struct call *call, enum family family, const char *name, bool writes) {
    call->counted = inside(call->path) && family == plan.family;
    call->fails = call->halves = call->dies = false;
    call->name = name;
    if (!call->counted) {
        return;
    }
    pthread_mutex_lock(&turn);
    count += 1;
    if (plan.at == 0 || (plan.ever ? count < plan.at : count != plan.at)) {
        return;
    }
    char line[5 * PATH_MAX];
    put(line, (size_t)snprintf(line, sizeof line, "struck\t%ld\t%s\t%s\n", count, name, call->path));
    switch (plan.blow) {
    case KILL: die();
    case AFTER: call->dies = true; break;
    case TORN: call->halves = call->dies = writes; break;
    case SHORT: call->halves = writes; break;
    case FAIL: call->fails = true; break;
    case NONE: break;
    }
}

// Writes down what was done: word, number, name, flags, offset, length, errno, path, other path; then the bytes.
static long leave(struct call *call, long result, const char *flags, long offset, const void *bytes) {
    if (!call->counted) {
        return result;
    }
    int code = errno;
    size_t length = bytes != NULL && result > 0 ? (size_t)result : 0;
    char line[5 * PATH_MAX];
    put(line, (size_t)snprintf(line, sizeof line, "call\t%ld\t%s\t%s\t%ld\t%zu\t%d\t%s\t%s\n", count, call->name,
                               flags, offset, length, result < 0 ? code : 0, call->path, call->other));
    put(bytes, length);
    if (call->dies) {
        die();
    }
    pthread_mutex_unlock(&turn);
    errno = code;
    return result;
}

// The C library's own function of that name.
#define NEXT(result, name, ...)                                                                                         \
    static result (*next)(__VA_ARGS__);                                                                                 \
    if (next == NULL) {                                                                                                 \
        next = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name);                                                         \
    }                                                                                                                   \
    struct call call = {.counted = false};                                                                              \
    call.other[0] = 0

#define FAILS_OR(body) (call.fails ? (errno = plan.code, -1) : (body))

#define OPENING(folder)                                                                                                 \
    mode_t mode = 0;                                                                                                    \
    if (flags & (O_CREAT | __O_TMPFILE)) {                                                                              \
        va_list rest;                                                                                                   \
        va_start(rest, flags);                                                                                          \
        mode = va_arg(rest, mode_t);                                                                                    \
        va_end(rest);                                                                                                   \
    }                                                                                                                   \
    bool changes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;                               \
    absolute(folder, path, call.path);                                                                                  \
    enter(&call, changes ? CHANGE : LOOK, "open", false);                                                               \
    const char *kind = flags & O_TRUNC ? (flags & O_CREAT ? "ct" : "t") : flags & O_CREAT ? "c" : "-"

int open(const char *path, int flags, ...) {
    NEXT(int, open, const char *, int, ...);
    OPENING(AT_FDCWD);
    return (int)leave(&call, FAILS_OR(next(path, flags, mode)), kind, 0, NULL);
}

int open64(const char *path, int flags, ...) {
    NEXT(int, open64, const char *, int, ...);
    OPENING(AT_FDCWD);
    return (int)leave(&call, FAILS_OR(next(path, flags, mode)), kind, 0, NULL);
}

int openat(int folder, const char *path, int flags, ...) {
    NEXT(int, openat, int, const char *, int, ...);
    OPENING(folder);
    return (int)leave(&call, FAILS_OR(next(folder, path, flags, mode)), kind, 0, NULL);
}

int openat64(int folder, const char *path, int flags, ...) {
    NEXT(int, openat64, int, const char *, int, ...);
    OPENING(folder);
    return (int)leave(&call, FAILS_OR(next(folder, path, flags, mode)), kind, 0, NULL);
}

static size_t part_of(const struct call *call, size_t length) { return call->halves && length > 1 ? length / 2 : length; }

ssize_t write(int descriptor, const void *bytes, size_t length) {
    NEXT(ssize_t, write, int, const void *, size_t);
    long offset = 0;
    if (path_of(descriptor, call.path)) {
        enter(&call, CHANGE, "write", true);
        if (call.counted) {
            bool appends = fcntl(descriptor, F_GETFL) & O_APPEND;
            offset = syscall(SYS_lseek, descriptor, 0, appends ? SEEK_END : SEEK_CUR);
        }
    }
    return leave(&call, FAILS_OR(next(descriptor, bytes, part_of(&call, length))), "-", offset, bytes);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
    NEXT(ssize_t, pwrite, int, const void *, size_t, off_t);
    if (path_of(descriptor, call.path)) {
        enter(&call, CHANGE, "pwrite64", true);
    }
    return leave(&call, FAILS_OR(next(descriptor, bytes, part_of(&call, length), offset)), "-", offset, bytes);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t offset) {
    NEXT(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    if (path_of(descriptor, call.path)) {
        enter(&call, CHANGE, "pwrite64", true);
    }
    return leave(&call, FAILS_OR(next(descriptor, bytes, part_of(&call, length), offset)), "-", offset, bytes);
}

// A call on a descriptor that gives 0 or an error.
#define ON_DESCRIPTOR(family, name, ...)                                                                                \
    if (path_of(descriptor, call.path)) {                                                                               \
        enter(&call, family, name, false);                                                                              \
    }                                                                                                                   \
    return (int)leave(&call, FAILS_OR(next(__VA_ARGS__)), "-", length, NULL)

int fsync(int descriptor) {
    NEXT(int, fsync, int);
    long length = 0;
    ON_DESCRIPTOR(CHANGE, "fsync", descriptor);
}

int fdatasync(int descriptor) {
    NEXT(int, fdatasync, int);
    long length = 0;
    ON_DESCRIPTOR(CHANGE, "fdatasync", descriptor);
}

int ftruncate(int descriptor, off_t length) {
    NEXT(int, ftruncate, int, off_t);
    ON_DESCRIPTOR(CHANGE, "ftruncate", descriptor, length);
}

int ftruncate64(int descriptor, off64_t length) {
    NEXT(int, ftruncate64, int, off64_t);
    ON_DESCRIPTOR(CHANGE, "ftruncate", descriptor, length);
}

int flock(int descriptor, int length) {
    NEXT(int, flock, int, int);
    ON_DESCRIPTOR(CHANGE, "flock", descriptor, length);
}

// A call on one name, or on two.
#define ON_NAME(name, ...)                                                                                              \
    absolute(AT_FDCWD, path, call.path);                                                                                \
    enter(&call, CHANGE, name, false);                                                                                  \
    return (int)leave(&call, FAILS_OR(next(__VA_ARGS__)), "-", 0, NULL)

#define ON_NAMES(name, ...)                                                                                             \
    absolute(AT_FDCWD, from, call.path);                                                                                \
    absolute(AT_FDCWD, to, call.other);                                                                                 \
    enter(&call, CHANGE, name, false);                                                                                  \
    return (int)leave(&call, FAILS_OR(next(__VA_ARGS__)), "-", 0, NULL)

int unlink(const char *path) {
    NEXT(int, unlink, const char *);
    ON_NAME("unlink", path);
}

int rmdir(const char *path) {
    NEXT(int, rmdir, const char *);
    ON_NAME("rmdir", path);
}

int mkdir(const char *path, mode_t mode) {
    NEXT(int, mkdir, const char *, mode_t);
    ON_NAME("mkdir", path, mode);
}

int link(const char *from, const char *to) {
    NEXT(int, link, const char *, const char *);
    ON_NAMES("link", from, to);
}

int rename(const char *from, const char *to) {
    NEXT(int, rename, const char *, const char *);
    ON_NAMES("rename", from, to);
}

int renameat2(int old, const char *from, int new, const char *to, unsigned flags) {
    NEXT(int, renameat2, int, const char *, int, const char *, unsigned);
    if (plan.old && flags != 0) {
        errno = EINVAL;
        return -1;
    }
    ON_NAMES("renameat2", old, from, new, to, flags);
}

ssize_t read(int descriptor, void *bytes, size_t length) {
    NEXT(ssize_t, read, int, void *, size_t);
    if (path_of(descriptor, call.path)) {
        enter(&call, LOOK, "read", false);
    }
    return leave(&call, FAILS_OR(next(descriptor, bytes, length)), "-", 0, NULL);
}

ssize_t pread(int descriptor, void *bytes, size_t length, off_t offset) {
    NEXT(ssize_t, pread, int, void *, size_t, off_t);
    if (path_of(descriptor, call.path)) {
        enter(&call, LOOK, "pread64", false);
    }
    return leave(&call, FAILS_OR(next(descriptor, bytes, length, offset)), "-", offset, NULL);
}

ssize_t pread64(int descriptor, void *bytes, size_t length, off64_t offset) {
    NEXT(ssize_t, pread64, int, void *, size_t, off64_t);
    if (path_of(descriptor, call.path)) {
        enter(&call, LOOK, "pread64", false);
    }
    return leave(&call, FAILS_OR(next(descriptor, bytes, length, offset)), "-", offset, NULL);
}

DIR *opendir(const char *path) {
    NEXT(DIR *, opendir, const char *);
    absolute(AT_FDCWD, path, call.path);
    enter(&call, LOOK, "opendir", false);
    DIR *stream = NULL;
    if (call.fails) {
        errno = plan.code;
    } else {
        stream = next(path);
    }
    return leave(&call, stream == NULL ? -1 : 0, "-", 0, NULL) < 0 ? NULL : stream;
}

// The way out is a call as well: a program that is killed there has done everything else.
__attribute__((destructor)) static void end(void) {
    struct call call = {.counted = false};
    snprintf(call.path, sizeof call.path, "%s", plan.root);
    call.other[0] = 0;
    enter(&call, CHANGE, "exit", false);
    leave(&call, 0, "-", 0, NULL);
}
