/* Floor 0: what every room stands on; knows nothing of anything above. Includes all of base but folder.h, which brings
   the system's limits (NAME_MAX) with it. */
#pragma once
#include "arena.h"
#include "buf.h"
#include "civil.h"
#include "cx.h"
#include "err.h"
#include "hash.h"
#include "log.h"
#include "rand.h"
#include "str.h"
#include "text.h"
#include "vec.h"
