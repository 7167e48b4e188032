/* Shared by the files of this room alone. */
#pragma once
#include "db/db.h"
#include "municipality/municipality.h"
#include "post.h"
#include "post_store.h"

enum { POST_WAITS = 1, POST_REGISTERED = 2, NAME_MAX = 120, NOTE_MAX = 500 };
#define POST_MAIL_MIME "message/rfc822" /* RFC 5322: the e-mail as it came */
