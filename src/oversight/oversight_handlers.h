/* The handlers of this room, for its own route table, and what its pages share. */
#pragma once
#include "http/http.h"
#include "oversight_views.h"

#define HANDLER(name) enum err name(struct cx *cx, struct request *req, struct reply *rep)
HANDLER(oversight_front);
HANDLER(oversight_look);
HANDLER(oversight_casefile);
HANDLER(oversight_document);
HANDLER(oversight_log);
HANDLER(oversight_withheld);
HANDLER(oversight_withhold);
HANDLER(oversight_withheld_end);
HANDLER(oversight_erasures);
HANDLER(oversight_exports);
HANDLER(oversight_services);
HANDLER(oversight_service);
#undef HANDLER

/* A page of this room: title as the h1, below /oversight. */
struct page oversight_page(struct cx *cx, enum text title);
bool oversight_is(const struct cx *cx, unsigned role);
