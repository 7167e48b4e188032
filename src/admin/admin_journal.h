/* Handlers of admin_journal.c, for the table in admin_pages.c. */
#pragma once
#include "http/http.h"

enum err admin_journal(struct cx *cx, struct request *req, struct reply *rep);
enum err admin_journal_again(struct cx *cx, struct request *req, struct reply *rep);
