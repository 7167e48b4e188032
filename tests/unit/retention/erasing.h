/* A house in which cases have lived, and are erased. */
#pragma once
#include "../casefile/house.h"

#include "retention/retention.h"

/* A house with the jobs that erasing needs, and every room that has something to erase. */
struct cx *erasing_house_new(void);
void erasing_house_free(struct cx *cx);
/* From now on this room is asked last; NULL: none but the house's own. *last is copied. */
void erasing_with(const struct retention_part *last);
struct jobs *erasing_jobs(void);
void erasing_run_jobs(struct cx *cx);
/* Years of 366 days. */
void erasing_years_later(struct cx *cx, int years, int days);
/* The nightly job. */
enum err erasing_night(struct cx *cx);

#define ERASING_WORDS "zebrastribet"
/* A whole life of a case of this person of people.yaml, that leaves traces (ERASING_WORDS among them) wherever there is
   room for one. Returns the case file. */
int64_t erasing_closed_case(struct cx *cx, const char *person);
struct str erasing_no_of(struct cx *cx, int64_t id);
/* In how many rows of the table these bytes stand. */
int64_t erasing_rows_with(struct cx *cx, struct str table, const char *needle);
/* How many people wait to be forgotten later. */
int64_t erasing_left_over(struct cx *cx);
/* Records, cases, letters, retention and the access log are without a fault. */
void erasing_verify(struct cx *cx);
