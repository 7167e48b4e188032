/* Time zones by their names in the tz database, read from its compiled files (TZif, RFC 8536 versions 2 to 4) by
   ourselves: the C library's are neither safe among threads nor wide enough. Times after the file's last transition
   follow the POSIX rule of its footer, times before its first one the first type of the file. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct feel_zone;
struct feel_zones;

enum {
    FEEL_ZONE_NAME_BYTES = 64, /* longer names are unknown */
    FEEL_ZONE_FILE_BYTES = 1 << 18,
    FEEL_ZONES_MAX = 1024, /* distinct zones of one table; the tz database has about 600 names */
};

/* A table of zones, filled as they are asked for. Any number of threads may use it at once. `folder` NULL:
   /usr/share/zoneinfo; copied. Ends the process when the machine is out of memory. */
struct feel_zones *feel_zones_new(const char *folder);
/* Every zone found in it goes with it, and with those every time that names one. NULL is legal. */
void feel_zones_free(struct feel_zones *zones);
/* The zone of that name ("Europe/Oslo"; case counts); NULL when there is none, when its file is faulty or counts leap
   seconds. A name consists of parts of letters, digits, `_`, `-` and `+`, parted by `/`: it cannot leave the folder. */
const struct feel_zone *feel_zones_find(struct feel_zones *zones, struct str name);

/* A zone from the bytes of a TZif file, NULL when they are faulty. feel_zone_free gives it back; what comes from a
   table is the table's. */
struct feel_zone *feel_zone_parse(struct str name, const unsigned char *bytes, size_t n);
void feel_zone_free(struct feel_zone *zone);

struct str feel_zone_name(const struct feel_zone *zone); /* as long as the zone */
/* Seconds east of Greenwich at that instant, in seconds since 1970-01-01T00:00:00Z, not counting leap seconds. Between
   -100 000 and 100 000. */
int32_t feel_zone_offset(const struct feel_zone *zone, int64_t utc_s);
/* As above for a local time, in seconds since 1970-01-01T00:00:00 local. Of a time that comes twice the first; a time
   that is skipped is taken with the offset before the gap, as if the clock had not been put forward. */
int32_t feel_zone_offset_local(const struct feel_zone *zone, int64_t local_s);
/* The offset a time of day has that knows no date: that of winter, the lesser one of the rule in force at the end of
 * the file. */
int32_t feel_zone_offset_winter(const struct feel_zone *zone);
