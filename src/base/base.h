/* Floor 0: what every room stands on. Includes all of base; knows nothing of anything above. */
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
