/* Inside the room: the handlers of its routes. */
#pragma once
#include "http/http.h"

enum err service_front_page(struct cx *cx, struct request *req, struct reply *rep);
enum err service_catalogue_page(struct cx *cx, struct request *req, struct reply *rep);
enum err service_page(struct cx *cx, struct request *req, struct reply *rep);
