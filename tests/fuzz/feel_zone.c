/* TZif: whatever the bytes, an offset stays within its bounds, and a local time has one. */
#include <assert.h>

#include "base/base.h"
#include "feel/feel_time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const int64_t moments[] = {0,          -5000000000, -3000000000, 1000000000,           1774746000,
                                      2000000000, 4102444800,  9000000000,  FEEL_DAY_MIN * 86400, FEEL_DAY_MAX * 86400};
    struct feel_zone *z = feel_zone_parse(S("Fuzz"), data, n);
    if (!z)
        return 0;
    assert(str_eq_z(feel_zone_name(z), "Fuzz"));
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        int32_t utc = feel_zone_offset(z, moments[i]), local = feel_zone_offset_local(z, moments[i]);
        assert(utc > -100001 && utc < 100001 && local > -100001 && local < 100001);
    }
    int32_t winter = feel_zone_offset_winter(z);
    assert(winter > -100001 && winter < 100001);
    feel_zone_free(z);
    return 0;
}
