/* The rows a leader's figures are added up from; for figures.c alone. */
#pragma once
#include "casefile_internal.h"

/* Days are kept exact to 90, above that by week; the last week is open. */
enum { TALLY_DAYS_EXACT = 90, TALLY_WEEKS = 92, TALLY_BUCKETS = TALLY_DAYS_EXACT + 1 + TALLY_WEEKS };
int tally_bucket(int64_t days);
/* The last day of it. */
int64_t tally_bucket_days(int bucket);

/* A row of casefile_tally without its unit. */
struct tally_row {
    int64_t n;
    int32_t slot;     /* month or day, as its kind has it */
    uint16_t service; /* of tally.services */
    uint8_t kind, bucket;
};
struct tally_rows {
    struct tally_row *p;
    size_t n, cap;
};
struct tally {
    struct tally_rows rows;
    VEC_OF(struct str) services;
    /* Of a copy also, some six times fewer: */
    struct tally_rows of_slots;    /* the same added up over the services; service is 0 */
    struct tally_rows of_services; /* and over the months and days; slot is INT32_MAX */
};

/* What of a unit is folded in, from `from_month` on. `stamp` is the unit's, read in the same transaction. From
   cx->tallies, when there are any; it stays as long as the arena. */
enum err tally_folded(struct cx *cx, int64_t unit_id, int64_t stamp, int64_t from_month, const struct tally **ret);
/* What of these units is not folded in yet, of any month. */
enum err tally_new(struct cx *cx, struct db_ints unit_ids, struct tally *ret);
