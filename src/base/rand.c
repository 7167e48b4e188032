#include "rand.h"

#include <sodium.h>

#include "arena.h"

void rand_bytes(void *ret, size_t n)
{
    randombytes_buf(ret, n);
}

int64_t rand_id(void)
{
    int64_t id = 0;
    while (id == 0) {
        rand_bytes(&id, sizeof id);
        id &= (INT64_C(1) << 53) - 1;
    }
    return id;
}

int64_t rand_id_from(int64_t us)
{
    static const int64_t last = (INT64_C(1) << 53) - 1;
    return (us < 0 ? 0 : us > last ? last : us) << 10;
}

int64_t rand_id_at(int64_t us)
{
    uint16_t random;
    rand_bytes(&random, sizeof random);
    return rand_id_from(us) | (random & 0x3ff);
}

struct str rand_code(struct arena *a, size_t n)
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    unsigned char *p = arena_alloc(a, n + 1);
    rand_bytes(p, n);
    for (size_t i = 0; i < n; i++)
        p[i] = (unsigned char)digits[p[i] & 31];
    return str_make((char *)p, n);
}
