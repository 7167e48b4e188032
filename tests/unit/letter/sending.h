/* A house in which letters are written, sent and printed. */
#pragma once
#include "../casefile/house.h"

#include "letter/letter.h"

/* The jobs that send letters and mail; mail goes to a folder. Whoever asks ends them with jobs_free. */
struct jobs *sending_jobs(struct cx *cx);
void sending_run(struct cx *cx, struct jobs *jobs);
/* Bo has decided on two things that `person` applied for, and called first. */
struct decision sending_decided(struct cx *cx, const char *person, enum decision_outcome second, int64_t *ret_casefile);
struct letter sending_get(struct cx *cx, int64_t id);
struct letter sending_draft(struct cx *cx, int64_t casefile, int64_t decision, const char *template);
/* A partly granted application of `person`, its letter sent by Bo. */
struct letter sending_sent(struct cx *cx, const char *person, int64_t *ret_casefile);
/* Whether `what` stands in it; says so when not. */
bool sending_has(struct str s, const char *what);
