/* Shared by the files of this room alone. */
#pragma once
#include "record.h"
#include "record_store.h"

/* Ask every registered guard. */
enum err guards_ask(struct cx *cx, enum record_op op, int64_t id);

/* Nothing is half erased, and nothing that closed lacks its day (disposal.c). */
enum err disposal_verify(struct cx *cx, struct record_faults *faults);
