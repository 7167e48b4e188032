#include "url.h"

struct str url_encode(struct arena *a, struct str s)
{
    static const char hex[] = "0123456789ABCDEF";
    struct buf b = buf_make(a);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
            c == '_' || c == '~') {
            buf_add_char(&b, (char)c);
        } else {
            buf_add_char(&b, '%');
            buf_add_char(&b, hex[c >> 4]);
            buf_add_char(&b, hex[c & 15]);
        }
    }
    return buf_str(&b);
}
