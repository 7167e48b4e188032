/* Runs a fuzz target over its corpus, one file after another: the corpus is an ordinary test. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int replay(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return perror(path), 1;
    static uint8_t data[1 << 22];
    size_t n = fread(data, 1, sizeof data, f);
    fclose(f);
    /* an exact copy, so that AddressSanitizer sees a read past its end */
    uint8_t *copy = malloc(n ? n : 1);
    for (size_t i = 0; i < n; i++)
        copy[i] = data[i];
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
    return 0;
}

int main(int argc, char **argv)
{
    int count = 0;
    DIR *d = argc == 2 ? opendir(argv[1]) : NULL;
    if (!d)
        return fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]), 1;
    for (struct dirent *e; (e = readdir(d));) {
        char path[4096];
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], e->d_name);
        if (replay(path))
            return 1;
        count++;
    }
    closedir(d);
    printf("%d files\n", count);
    return count ? 0 : 1;
}
