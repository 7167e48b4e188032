/* The handlers of this room, for its routes. */
#pragma once
#include "http/http.h"

enum err counter_page(struct cx *cx, struct request *req, struct reply *rep);
enum err counter_open(struct cx *cx, struct request *req, struct reply *rep);
enum err counter_stop(struct cx *cx, struct request *req, struct reply *rep);
