/* A disk that forgets. LD_PRELOADed into any process of ours, it makes everything under POWERCUT_DIR as volatile as
   POSIX allows: a written block, a length or a name is safe only after fsync of the file, or of the folder that holds
   the name. At the cut a random part of what was not made safe is taken back, and the process ends at once with status
   137.

     POWERCUT_DIR=/real/path       what is volatile; on a file system with hard links. Beside it "<dir>.powercut" is
   used. POWERCUT_AT=n                 cut at the n-th operation (write, sync, rename …) under it; SIGUSR2 cuts at once
     POWERCUT_SEED=n               what is lost
     POWERCUT_FULL=/path           while this file exists, writes that make a file longer give ENOSPC
     POWERCUT_FULL_AT=n            the same for good, after n bytes have been written
     POWERCUT_READONLY=/path       while this file exists, nothing can be written, made, renamed or removed: EROFS, as
   after a disk error that made the kernel mount it read-only
     POWERCUT_UNREADABLE=/path     the names in this folder cannot be read: EIO, as a sick disk answers

   What is lost at a cut, by seed: everything; or of the names a tail in the order of time (a journal) or any; and of
   the blocks any, whole or by sectors of 512 bytes, with the length kept or not. Of two writes to one block between
   syncs only the last counts. Not seen, and so taken as safe: stdio (glibc writes past the preload), duplicated
   descriptors, mmap (SQLite's -shm needs no safety), forked children. fsync itself is not passed on: the kernel lives,
   and tests are fast. Files that exist at the start are safe. */
#undef _FILE_OFFSET_BITS /* here open and open64 are two names */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { BLOCK = 4096, SECTOR = 512, FDS = 65536, BUCKETS = 4096 };

struct block { /* as it was when last safe */
    struct block *next;
    off_t number;
    size_t n; /* bytes that were in the file */
    unsigned char old[BLOCK];
};

struct file {
    struct file *next;
    dev_t dev;
    ino_t ino;
    int fd;   /* our own */
    int refs; /* descriptors of the process */
    off_t safe_size;
    bool dirty;
    struct block *blocks[BUCKETS];
};

enum what { ADDED, REMOVED, MADE_DIR };

struct op { /* of a name */
    enum what what;
    char *path;
    ino_t ino, dir;
    char *before; /* in the graveyard: what REMOVED took away or ADDED replaced; NULL: nothing */
    int twin;     /* the other half of a rename in one folder: lost or kept together; -1 */
    bool safe, lost;
};

static struct {
    pthread_mutex_t mutex;
    char dir[PATH_MAX], grave[PATH_MAX + 16];
    size_t dir_n;
    long at, count, full_at, written;
    const char *full;
    const char *readonly;
    const char *unreadable;
    struct dirent64 *(*readdir)(DIR *); /* libc's own; found at the start, for at the cut nothing may be looked for */
    uint64_t random;
    struct file *files;
    struct op *ops;
    size_t n_ops, graves;
    struct file *by_fd[FDS];
} pc = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* ---- small things ---- */
static uint64_t rnd(uint64_t n)
{
    pc.random ^= pc.random << 13;
    pc.random ^= pc.random >> 7;
    pc.random ^= pc.random << 17;
    return (pc.random >> 11) % n;
}

static int real_open(const char *path, int flags, mode_t mode)
{
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, mode);
}

static void *need(void *p)
{
    if (!p)
        abort();
    return p;
}

/* The absolute path; true when it lies under the folder. */
static bool ours(int dirfd, const char *path, char ret[PATH_MAX])
{
    char link[40], at[PATH_MAX] = "";
    if (!pc.dir_n || !path)
        return false;
    if (path[0] != '/') {
        ssize_t n;
        if (dirfd == AT_FDCWD) {
            n = getcwd(at, sizeof at) ? (ssize_t)strlen(at) : -1;
        } else {
            snprintf(link, sizeof link, "/proc/self/fd/%d", dirfd);
            n = readlink(link, at, sizeof at - 1);
        }
        if (n < 0)
            return false;
        at[n] = 0;
        if (snprintf(ret, PATH_MAX, "%s/%s", at, path) >= PATH_MAX)
            return false;
    } else if (snprintf(ret, PATH_MAX, "%s", path) >= PATH_MAX) {
        return false;
    }
    return strncmp(ret, pc.dir, pc.dir_n) == 0 && ret[pc.dir_n] == '/';
}

static ino_t ino_of(const char *path)
{
    struct stat st;
    return lstat(path, &st) ? 0 : st.st_ino;
}

static ino_t folder_of(const char *path)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = 0;
    return ino_of(folder);
}

/* ---- contents ---- */
static struct file *file_of(const struct stat *st, const char *path)
{
    struct file *f = pc.files;
    while (f && (f->dev != st->st_dev || f->ino != st->st_ino))
        f = f->next;
    if (f)
        return f;
    f = need(calloc(1, sizeof *f));
    f->dev = st->st_dev;
    f->ino = st->st_ino;
    f->safe_size = st->st_size;
    f->fd = real_open(path, O_RDWR, 0);
    f->next = pc.files;
    pc.files = f;
    return f;
}

/* The tracked file behind a descriptor, or NULL. The table may be stale (stdio closes past us): compare. */
static struct file *file_at(int fd, struct stat *st)
{
    if (fd < 0 || fd >= FDS || !pc.by_fd[fd] || fstat(fd, st))
        return NULL;
    struct file *f = pc.by_fd[fd];
    return f->dev == st->st_dev && f->ino == st->st_ino ? f : NULL;
}

/* Remember the safe contents of blocks [from, to) before they change. */
static void save_blocks(struct file *f, off_t from, off_t to)
{
    f->dirty = true;
    for (off_t b = from / BLOCK; b * BLOCK < to; b++) {
        struct block **p = &f->blocks[b % BUCKETS];
        while (*p && (*p)->number != b)
            p = &(*p)->next;
        if (*p || b * BLOCK >= f->safe_size)
            continue; /* known, or beyond the safe length: zeros */
        struct block *new = *p = need(calloc(1, sizeof *new));
        ssize_t n = syscall(SYS_pread64, f->fd, new->old, BLOCK, b * BLOCK);
        new->number = b;
        new->n = n > 0 ? (size_t)n : 0;
        if (b * BLOCK + (off_t) new->n > f->safe_size)
            new->n = (size_t)(f->safe_size - b * BLOCK);
    }
}

static void make_safe(struct file *f, off_t size)
{
    for (size_t i = 0; f->dirty && i < BUCKETS; i++)
        while (f->blocks[i]) {
            struct block *b = f->blocks[i];
            f->blocks[i] = b->next;
            free(b);
        }
    f->dirty = false;
    f->safe_size = size;
}

/* The process closed it. A file that is safe needs no watching; our descriptor may go only now: closing one drops the
   process's locks on the file. */
static void let_go(struct file *f)
{
    struct file **p = &pc.files;
    if (--f->refs > 0 || f->dirty)
        return;
    while (*p != f)
        p = &(*p)->next;
    *p = f->next;
    if (f->fd >= 0)
        syscall(SYS_close, f->fd);
    free(f);
}

/* ---- the cut ---- */
enum loss { ALL, TAIL, ANY, TORN, LOSSES };

static void put_back(struct file *f, off_t number, const struct block *saved, enum loss loss, off_t size)
{
    unsigned char now[BLOCK] = {0}, was[BLOCK] = {0};
    off_t at = number * BLOCK;
    if (loss != ALL && loss != TORN && rnd(2))
        return;
    if (at >= size)
        return;
    ssize_t n = syscall(SYS_pread64, f->fd, now, BLOCK, at);
    if (n < 0)
        return;
    if (saved)
        memcpy(was, saved->old, saved->n);
    for (size_t i = 0; i < BLOCK / SECTOR; i++)
        if (loss != TORN || rnd(2))
            memcpy(now + i * SECTOR, was + i * SECTOR, SECTOR);
    size_t length = size - at < BLOCK ? (size_t)(size - at) : BLOCK;
    if (syscall(SYS_pwrite64, f->fd, now, length, at) < 0)
        return;
}

static void lose_contents(struct file *f, enum loss loss)
{
    struct stat st;
    if (!f->dirty || f->fd < 0 || fstat(f->fd, &st))
        return;
    off_t now = st.st_size, size = loss == ALL || rnd(2) ? f->safe_size : now, larger = size > now ? size : now;
    if (larger > now && syscall(SYS_ftruncate, f->fd, larger))
        return;
    for (off_t b = 0; b * BLOCK < larger; b++) {
        const struct block *saved = f->blocks[b % BUCKETS];
        while (saved && saved->number != b)
            saved = saved->next;
        bool beyond_now = b * BLOCK >= now; /* a lost truncation brings these back */
        if (saved || b * BLOCK >= f->safe_size)
            put_back(f, b, saved, beyond_now ? ALL : loss, larger);
    }
    if (syscall(SYS_ftruncate, f->fd, size))
        return;
}

/* Remove a folder and what is in it. At the cut a stopped thread may hold the lock of malloc: nothing here may want it.
 */
static void remove_tree(const char *path, int depth)
{
    char entries[4096], one[PATH_MAX];
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    long n;
    while (fd >= 0 && depth < 8 && (n = syscall(SYS_getdents64, fd, entries, sizeof entries)) > 0)
        for (long at = 0; at < n;) {
            const struct dirent64 *e = (const void *)(entries + at);
            at += e->d_reclen;
            if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
                snprintf(one, sizeof one, "%s/%s", path, e->d_name) >= PATH_MAX)
                continue;
            if (syscall(SYS_unlinkat, AT_FDCWD, one, 0) && errno == EISDIR)
                remove_tree(one, depth + 1);
        }
    if (fd >= 0)
        syscall(SYS_close, fd);
    syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

static void undo(const struct op *o)
{
    if (o->what == MADE_DIR) {
        remove_tree(o->path, 0);
        return;
    }
    if (o->what == ADDED && ino_of(o->path) == o->ino)
        syscall(SYS_unlinkat, AT_FDCWD, o->path, 0);
    if (o->before)
        syscall(SYS_linkat, AT_FDCWD, o->before, AT_FDCWD, o->path, 0); /* refuses when the name is taken: so be it */
}

static atomic_int stopped;

static void stand_still(int sig)
{
    (void)sig;
    stopped++;
    for (;;)
        pause();
}

/* The power is gone for every thread at once: none may see what the cut does to the files, or end the process in its
 * own way. */
static void stop_the_others(void)
{
    pid_t self = (pid_t)syscall(SYS_gettid);
    DIR *d = opendir("/proc/self/task");
    int told = 0;
    signal(SIGRTMAX - 1, stand_still);
    signal(SIGBUS, stand_still);
    for (struct dirent *e; d && (e = readdir(d));)
        if (atoi(e->d_name) > 0 && atoi(e->d_name) != self)
            told += syscall(SYS_tgkill, getpid(), atoi(e->d_name), SIGRTMAX - 1) == 0;
    for (int i = 0; i < 1000 && stopped < told; i++)
        usleep(100);
}

static _Noreturn void cut(void)
{
    stop_the_others();
    static const enum loss losses[] = {ALL, TAIL, TAIL, ANY, TORN};
    enum loss loss = losses[rnd(sizeof losses / sizeof *losses)];
    size_t keep = loss == ALL ? 0 : rnd(pc.n_ops + 1);
    for (size_t i = 0; i < pc.n_ops; i++) {
        struct op *o = &pc.ops[i];
        o->lost = !o->safe && (loss == ANY || loss == TORN ? rnd(2) == 0 : i >= keep);
        if (o->twin >= 0 && (size_t)o->twin < i)
            o->lost = pc.ops[o->twin].lost && !o->safe;
    }
    for (struct file *f = pc.files; f; f = f->next)
        lose_contents(f, loss);
    for (size_t i = pc.n_ops; i-- > 0;)
        if (pc.ops[i].lost)
            undo(&pc.ops[i]);
    remove_tree(pc.grave, 0);
    _exit(137);
}

/* Every operation under the folder begins here, with the mutex held. */
static void tick(void)
{
    if (pc.at && ++pc.count >= pc.at)
        cut();
}

static void *wait_for_the_signal(void *p)
{
    sigset_t set;
    int sig;
    (void)p;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigwait(&set, &sig);
    pthread_mutex_lock(&pc.mutex);
    cut();
}

static long env_number(const char *name)
{
    const char *s = getenv(name);
    return s ? atol(s) : 0;
}

__attribute__((constructor)) static void begin(void)
{
    pthread_t t;
    sigset_t set;
    const char *dir = getenv("POWERCUT_DIR");
    *(void **)&pc.readdir = dlsym(RTLD_NEXT, "readdir64");
    if (!dir || !realpath(dir, pc.dir))
        return;
    pc.dir_n = strlen(pc.dir);
    pc.at = env_number("POWERCUT_AT");
    pc.full = getenv("POWERCUT_FULL");
    pc.full_at = env_number("POWERCUT_FULL_AT");
    pc.readonly = getenv("POWERCUT_READONLY");
    pc.unreadable = getenv("POWERCUT_UNREADABLE");
    pc.random = (uint64_t)env_number("POWERCUT_SEED") * 0x9e3779b97f4a7c15u + 88172645463325252u;
    for (int i = 0; i < 8; i++)
        rnd(2);
    snprintf(pc.grave, sizeof pc.grave, "%s.powercut", pc.dir);
    remove_tree(pc.grave, 0);
    syscall(SYS_mkdirat, AT_FDCWD, pc.grave, 0700);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &set, NULL); /* threads inherit it */
    pthread_create(&t, NULL, wait_for_the_signal, NULL);
    pthread_detach(t);
}

__attribute__((destructor)) static void end(void)
{
    if (pc.dir_n)
        remove_tree(pc.grave, 0);
}

/* ---- names ---- */

/* Keep what `path` names now alive in the graveyard; NULL when it names nothing. */
static char *bury(const char *path)
{
    char to[PATH_MAX + 40];
    if (!ino_of(path))
        return NULL;
    snprintf(to, sizeof to, "%s/%zu", pc.grave, pc.graves++);
    return syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, to, 0) ? NULL : need(strdup(to));
}

static int note(enum what what, const char *path, char *before, int twin)
{
    if ((pc.n_ops & (pc.n_ops - 1)) == 0)
        pc.ops = need(realloc(pc.ops, (pc.n_ops ? pc.n_ops * 2 : 1) * sizeof *pc.ops));
    pc.ops[pc.n_ops] = (struct op){.what = what,
                                   .path = need(strdup(path)),
                                   .ino = ino_of(path),
                                   .dir = folder_of(path),
                                   .before = before,
                                   .twin = twin};
    return (int)pc.n_ops++;
}

static void folder_is_safe(ino_t dir)
{
    for (size_t i = 0; i < pc.n_ops; i++)
        if (pc.ops[i].dir == dir)
            pc.ops[i].safe = true;
}

/* The longest tail of the past that is safe in whole need not be kept; nor the graves. */
static void forget_safe(void)
{
    bool all = true;
    for (size_t i = 0; i < pc.n_ops; i++)
        all &= pc.ops[i].safe;
    for (size_t i = 0; all && i < pc.n_ops; i++) {
        if (pc.ops[i].before)
            syscall(SYS_unlinkat, AT_FDCWD, pc.ops[i].before, 0);
        free(pc.ops[i].before);
        free(pc.ops[i].path);
    }
    if (all && pc.n_ops) {
        free(pc.ops);
        pc.ops = NULL;
        pc.n_ops = 0;
    }
}

static bool readonly_now(void)
{
    return pc.readonly && syscall(SYS_faccessat, AT_FDCWD, pc.readonly, F_OK) == 0;
}

/* Why nothing can be written now. */
static int refusal(void)
{
    return readonly_now() ? EROFS : ENOSPC;
}

static int do_open(int dirfd, const char *path, int flags, mode_t mode)
{
    char full[PATH_MAX];
    struct stat st;
    bool mine = ours(dirfd, path, full);
    if (!mine)
        return (int)syscall(SYS_openat, dirfd, path, flags, mode);
    bool there = stat(full, &st) == 0;
    if (((flags & O_ACCMODE) != O_RDONLY || (!there && (flags & O_CREAT))) && readonly_now()) {
        errno = EROFS;
        return -1;
    }
    pthread_mutex_lock(&pc.mutex);
    if (there && S_ISREG(st.st_mode) && (flags & O_TRUNC) && st.st_size > 0) {
        tick();
        save_blocks(file_of(&st, full), 0, st.st_size);
    }
    int fd = (int)syscall(SYS_openat, dirfd, path, flags, mode);
    int error = errno;
    if (fd >= 0 && fd < FDS && fstat(fd, &st) == 0) {
        struct file *f = S_ISREG(st.st_mode) ? file_of(&st, full) : NULL;
        if (pc.by_fd[fd])
            let_go(pc.by_fd[fd]); /* closed by stdio */
        if (f)
            f->refs++;
        pc.by_fd[fd] = f;
        if (!there && (flags & O_CREAT)) {
            tick();
            note(ADDED, full, NULL, -1);
        }
    }
    pthread_mutex_unlock(&pc.mutex);
    errno = error;
    return fd;
}

static int do_unlink(int dirfd, const char *path, int flags)
{
    char full[PATH_MAX];
    if (!ours(dirfd, path, full) || (flags & AT_REMOVEDIR))
        return (int)syscall(SYS_unlinkat, dirfd, path, flags);
    if (readonly_now()) {
        errno = EROFS;
        return -1;
    }
    pthread_mutex_lock(&pc.mutex);
    tick();
    char *before = bury(full);
    int rc = (int)syscall(SYS_unlinkat, dirfd, path, flags), error = errno;
    if (rc == 0)
        note(REMOVED, full, before, -1);
    pthread_mutex_unlock(&pc.mutex);
    errno = error;
    return rc;
}

static int do_rename(int fromfd, const char *from, int tofd, const char *to, unsigned flags)
{
    char full_from[PATH_MAX], full_to[PATH_MAX];
    bool mine = ours(fromfd, from, full_from);
    mine &= ours(tofd, to, full_to);
    if (!mine)
        return (int)syscall(SYS_renameat2, fromfd, from, tofd, to, flags);
    if (readonly_now()) {
        errno = EROFS;
        return -1;
    }
    pthread_mutex_lock(&pc.mutex);
    tick();
    char *moved = bury(full_from), *replaced = bury(full_to);
    int rc = (int)syscall(SYS_renameat2, fromfd, from, tofd, to, flags), error = errno;
    if (rc == 0) {
        int one = note(ADDED, full_to, replaced, -1);
        note(REMOVED, full_from, moved, folder_of(full_from) == folder_of(full_to) ? one : -1);
    }
    pthread_mutex_unlock(&pc.mutex);
    errno = error;
    return rc;
}

static int do_link(int fromfd, const char *from, int tofd, const char *to, int flags)
{
    char full[PATH_MAX];
    bool mine = ours(tofd, to, full);
    if (mine) {
        pthread_mutex_lock(&pc.mutex);
        tick();
    }
    int rc = (int)syscall(SYS_linkat, fromfd, from, tofd, to, flags), error = errno;
    if (mine && rc == 0)
        note(ADDED, full, NULL, -1);
    if (mine)
        pthread_mutex_unlock(&pc.mutex);
    errno = error;
    return rc;
}

static int do_mkdir(int dirfd, const char *path, mode_t mode)
{
    char full[PATH_MAX];
    bool mine = ours(dirfd, path, full);
    if (mine) {
        if (readonly_now()) {
            errno = EROFS;
            return -1;
        }
        pthread_mutex_lock(&pc.mutex);
        tick();
    }
    int rc = (int)syscall(SYS_mkdirat, dirfd, path, mode), error = errno;
    if (mine && rc == 0)
        note(MADE_DIR, full, NULL, -1);
    if (mine)
        pthread_mutex_unlock(&pc.mutex);
    errno = error;
    return rc;
}

/* ---- writing and syncing ---- */
static bool full_now(off_t from, size_t n, off_t size)
{
    if (readonly_now())
        return true;
    if (from + (off_t)n <= size)
        return false;
    pc.written += (long)n;
    return (pc.full && syscall(SYS_faccessat, AT_FDCWD, pc.full, F_OK) == 0) || (pc.full_at && pc.written > pc.full_at);
}

/* Bytes to `from` (at < 0: where the descriptor stands, or its end). The mutex is held afterwards when true: then
 * write. */
static bool before_write(int fd, size_t n, off_t at, bool *ret_full)
{
    struct stat st;
    *ret_full = false;
    if (!pc.dir_n)
        return false;
    pthread_mutex_lock(&pc.mutex);
    struct file *f = file_at(fd, &st);
    if (!f) {
        pthread_mutex_unlock(&pc.mutex);
        return false;
    }
    tick();
    if (at < 0)
        at = fcntl(fd, F_GETFL) & O_APPEND ? st.st_size : (off_t)syscall(SYS_lseek, fd, 0, SEEK_CUR);
    *ret_full = full_now(at, n, st.st_size);
    if (!*ret_full)
        save_blocks(f, at, at + (off_t)n);
    return true;
}

static ssize_t do_write(int fd, const void *p, size_t n, off_t at)
{
    bool no_room, mine = before_write(fd, n, at, &no_room);
    ssize_t rc = -1;
    int error = refusal();
    if (!no_room) {
        rc = at < 0 ? syscall(SYS_write, fd, p, n) : syscall(SYS_pwrite64, fd, p, n, at);
        error = errno;
    }
    if (mine)
        pthread_mutex_unlock(&pc.mutex);
    errno = error;
    return rc;
}

static ssize_t do_writev(int fd, const struct iovec *v, int count, off_t at)
{
    size_t n = 0;
    for (int i = 0; i < count; i++)
        n += v[i].iov_len;
    bool no_room, mine = before_write(fd, n, at, &no_room);
    ssize_t rc = -1;
    int error = refusal();
    if (!no_room) {
        rc = at < 0 ? syscall(SYS_writev, fd, v, count) : syscall(SYS_pwritev, fd, v, count, at, 0);
        error = errno;
    }
    if (mine)
        pthread_mutex_unlock(&pc.mutex);
    errno = error;
    return rc;
}

static int do_truncate(int fd, off_t size)
{
    struct stat st;
    if (!pc.dir_n)
        return (int)syscall(SYS_ftruncate, fd, size);
    pthread_mutex_lock(&pc.mutex);
    struct file *f = file_at(fd, &st);
    if (f) {
        tick();
        save_blocks(f, size < st.st_size ? size : st.st_size, st.st_size);
        f->dirty = true;
    }
    int rc = (int)syscall(SYS_ftruncate, fd, size), error = errno;
    pthread_mutex_unlock(&pc.mutex);
    errno = error;
    return rc;
}

static int do_fallocate(int fd, int mode, off_t offset, off_t length)
{
    bool no_room = false, mine = before_write(fd, (size_t)length, offset, &no_room);
    int rc = -1, error = refusal();
    if (!no_room) {
        rc = (int)syscall(SYS_fallocate, fd, mode, offset, length);
        error = errno;
    }
    if (mine)
        pthread_mutex_unlock(&pc.mutex);
    errno = error;
    return rc;
}

static int do_sync(int fd, int number)
{
    struct stat st;
    if (!pc.dir_n || fstat(fd, &st))
        return (int)syscall(number, fd);
    pthread_mutex_lock(&pc.mutex);
    struct file *f = file_at(fd, &st);
    if (S_ISDIR(st.st_mode) || f)
        tick();
    if (S_ISDIR(st.st_mode)) {
        folder_is_safe(st.st_ino);
        forget_safe();
    } else if (f) {
        make_safe(f, st.st_size);
    }
    pthread_mutex_unlock(&pc.mutex);
    return 0;
}

static bool unreadable(DIR *d)
{
    char link[40], at[PATH_MAX];
    if (!pc.unreadable)
        return false;
    snprintf(link, sizeof link, "/proc/self/fd/%d", dirfd(d));
    ssize_t n = readlink(link, at, sizeof at);
    return n == (ssize_t)strlen(pc.unreadable) && memcmp(at, pc.unreadable, (size_t)n) == 0;
}

/* ---- what is put before libc ---- */
#define EXPORT __attribute__((visibility("default")))
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

#define OPEN_BODY(dirfd) \
    mode_t mode = 0; \
    if (flags & (O_CREAT | __O_TMPFILE)) { \
        va_list ap; \
        va_start(ap, flags); \
        mode = va_arg(ap, mode_t); \
        va_end(ap); \
    } \
    return do_open(dirfd, path, flags, mode)

EXPORT int open(const char *path, int flags, ...)
{
    OPEN_BODY(AT_FDCWD);
}
EXPORT int open64(const char *path, int flags, ...)
{
    OPEN_BODY(AT_FDCWD);
}
EXPORT int openat(int dirfd, const char *path, int flags, ...)
{
    OPEN_BODY(dirfd);
}
EXPORT int openat64(int dirfd, const char *path, int flags, ...)
{
    OPEN_BODY(dirfd);
}
EXPORT int __open_2(const char *path, int flags)
{
    return do_open(AT_FDCWD, path, flags, 0);
}
EXPORT int __open64_2(const char *path, int flags)
{
    return do_open(AT_FDCWD, path, flags, 0);
}
EXPORT int __openat_2(int dirfd, const char *path, int flags)
{
    return do_open(dirfd, path, flags, 0);
}
EXPORT int __openat64_2(int dirfd, const char *path, int flags)
{
    return do_open(dirfd, path, flags, 0);
}
EXPORT int creat(const char *path, mode_t mode)
{
    return do_open(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
EXPORT int creat64(const char *path, mode_t mode)
{
    return do_open(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
EXPORT int close(int fd)
{
    if (fd >= 0 && fd < FDS && pc.by_fd[fd]) {
        pthread_mutex_lock(&pc.mutex);
        let_go(pc.by_fd[fd]);
        pc.by_fd[fd] = NULL;
        pthread_mutex_unlock(&pc.mutex);
    }
    return (int)syscall(SYS_close, fd);
}
EXPORT ssize_t write(int fd, const void *p, size_t n)
{
    return do_write(fd, p, n, -1);
}
EXPORT ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    return do_write(fd, p, n, at);
}
EXPORT ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    return do_write(fd, p, n, at);
}
EXPORT ssize_t writev(int fd, const struct iovec *v, int count)
{
    return do_writev(fd, v, count, -1);
}
EXPORT ssize_t pwritev(int fd, const struct iovec *v, int count, off_t at)
{
    return do_writev(fd, v, count, at);
}
EXPORT ssize_t pwritev64(int fd, const struct iovec *v, int count, off64_t at)
{
    return do_writev(fd, v, count, at);
}
EXPORT ssize_t copy_file_range(int in, off64_t *in_at, int out, off64_t *out_at, size_t n, unsigned flags)
{
    bool no_room, mine = before_write(out, n, out_at ? *out_at : -1, &no_room);
    if (mine)
        pthread_mutex_unlock(&pc.mutex);
    if (!no_room)
        return syscall(SYS_copy_file_range, in, in_at, out, out_at, n, flags);
    errno = refusal();
    return -1;
}
EXPORT int ftruncate(int fd, off_t size)
{
    return do_truncate(fd, size);
}
EXPORT int ftruncate64(int fd, off64_t size)
{
    return do_truncate(fd, size);
}
EXPORT int fallocate(int fd, int mode, off_t offset, off_t length)
{
    return do_fallocate(fd, mode, offset, length);
}
EXPORT int fallocate64(int fd, int mode, off64_t offset, off64_t length)
{
    return do_fallocate(fd, mode, offset, length);
}
EXPORT int posix_fallocate(int fd, off_t offset, off_t length)
{
    return do_fallocate(fd, 0, offset, length) ? errno : 0;
}
EXPORT int posix_fallocate64(int fd, off64_t offset, off64_t length)
{
    return do_fallocate(fd, 0, offset, length) ? errno : 0;
}
EXPORT int fsync(int fd)
{
    return do_sync(fd, SYS_fsync);
}
EXPORT int fdatasync(int fd)
{
    return do_sync(fd, SYS_fdatasync);
}
EXPORT int rename(const char *from, const char *to)
{
    return do_rename(AT_FDCWD, from, AT_FDCWD, to, 0);
}
EXPORT int renameat(int fromfd, const char *from, int tofd, const char *to)
{
    return do_rename(fromfd, from, tofd, to, 0);
}
EXPORT int renameat2(int fromfd, const char *from, int tofd, const char *to, unsigned flags)
{
    return do_rename(fromfd, from, tofd, to, flags);
}
EXPORT int link(const char *from, const char *to)
{
    return do_link(AT_FDCWD, from, AT_FDCWD, to, 0);
}
EXPORT int linkat(int fromfd, const char *from, int tofd, const char *to, int flags)
{
    return do_link(fromfd, from, tofd, to, flags);
}
EXPORT int unlink(const char *path)
{
    return do_unlink(AT_FDCWD, path, 0);
}
EXPORT int unlinkat(int dirfd, const char *path, int flags)
{
    return do_unlink(dirfd, path, flags);
}
EXPORT int remove(const char *path)
{
    struct stat st;
    return do_unlink(AT_FDCWD, path, lstat(path, &st) == 0 && S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0);
}
EXPORT int mkdir(const char *path, mode_t mode)
{
    return do_mkdir(AT_FDCWD, path, mode);
}
EXPORT int mkdirat(int dirfd, const char *path, mode_t mode)
{
    return do_mkdir(dirfd, path, mode);
}
EXPORT struct dirent *readdir(DIR *d)
{
    return (struct dirent *)readdir64(d); /* the same struct where a file's length has 64 bits */
}
EXPORT struct dirent64 *readdir64(DIR *d)
{
    if (unreadable(d)) {
        errno = EIO;
        return NULL;
    }
    return pc.readdir(d);
}
