/* What the shim is proved with: forgetful CASE DIR does one thing in the folder, safely or not, then has the power cut.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { N = 20000 };

static void sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY);
    fsync(fd);
    close(fd);
}

static void fill(const char *path, char c, bool sync)
{
    char bytes[N];
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    memset(bytes, c, sizeof bytes);
    if (write(fd, bytes, sizeof bytes) != N)
        _exit(5);
    if (sync)
        fdatasync(fd);
    close(fd);
}

/* "new" is what must be there afterwards, "old" what was there before (made safe by the test). */
static void do_case(const char *name)
{
    bool safe = strncmp(name, "safe-", 5) == 0;
    const char *what = strchr(name, '-') + 1;
    if (strcmp(what, "create") == 0) {
        fill("new", 'n', safe);
        if (safe)
            sync_folder(".");
    } else if (strcmp(what, "create-noname") == 0) { /* the bytes are safe, the name is not */
        fill("new", 'n', true);
    } else if (strcmp(what, "overwrite") == 0) {
        fill("old", 'n', safe);
    } else if (strcmp(what, "truncate") == 0) {
        int fd = open("old", O_WRONLY);
        if (ftruncate(fd, 100))
            _exit(5);
        if (safe)
            fsync(fd);
        close(fd);
    } else if (strcmp(what, "replace") == 0) {
        fill("beside", 'n', safe);
        rename("beside", "old");
        if (safe)
            sync_folder(".");
    } else if (strcmp(what, "replace-nodata") == 0) { /* the classic: renamed, never fsynced */
        fill("beside", 'n', false);
        rename("beside", "old");
        sync_folder(".");
    } else if (strcmp(what, "unlink") == 0) {
        unlink("old");
        if (safe)
            sync_folder(".");
    } else if (strcmp(what, "mkdir") == 0) {
        mkdir("folder", 0700);
        fill("folder/new", 'n', true);
        sync_folder("folder");
        if (safe)
            sync_folder(".");
    } else {
        _exit(6);
    }
}

/* Writes until the disk is full, says so, and goes on when there is room again. */
static int full_main(const char *flag)
{
    char bytes[1000] = {0};
    int fd = open("new", O_WRONLY | O_CREAT, 0600), n = 0;
    while (write(fd, bytes, sizeof bytes) == sizeof bytes && n < 1000)
        n++;
    if (errno != ENOSPC)
        return 7;
    if (pwrite(fd, "x", 1, 0) != 1) /* in place there is room */
        return 8;
    if (!flag)
        return n == 50 ? 0 : 9;
    unlink(flag);
    return write(fd, bytes, sizeof bytes) == sizeof bytes ? 0 : 10;
}

int main(int argc, char **argv)
{
    if (argc < 3 || chdir(argv[2]))
        return 64;
    if (strcmp(argv[1], "full") == 0)
        return full_main(argv[3]);
    do_case(argv[1]);
    kill(getpid(), SIGUSR2);
    for (;;)
        pause();
}
