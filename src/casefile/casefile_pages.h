/* Inside casefile/: the handlers. */
#pragma once
#include "casefile.h"

enum err casefile_post_submit(struct cx *cx, struct request *req, struct reply *rep);
enum err casefile_get_receipt(struct cx *cx, struct request *req, struct reply *rep);
enum err casefile_get_status(struct cx *cx, struct request *req, struct reply *rep);
enum err casefile_post_status(struct cx *cx, struct request *req, struct reply *rep);
enum err casefile_post_status_document(struct cx *cx, struct request *req, struct reply *rep);
