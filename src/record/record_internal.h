/* Shared by the files of this room alone. */
#pragma once
#include "record.h"
#include "record_store.h"

/* Ask every registered guard. */
enum err guards_ask(struct cx *cx, enum record_op op, int64_t id);
