/* Inside form/: the handlers, for the route table. */
#pragma once
#include "http/http.h"

enum err form_get_start(struct cx *cx, struct request *req, struct reply *rep);
enum err form_get_privacy(struct cx *cx, struct request *req, struct reply *rep);
enum err form_post_start(struct cx *cx, struct request *req, struct reply *rep);
enum err form_get_draft(struct cx *cx, struct request *req, struct reply *rep);
enum err form_get_page(struct cx *cx, struct request *req, struct reply *rep);
enum err form_post_page(struct cx *cx, struct request *req, struct reply *rep);
enum err form_get_row(struct cx *cx, struct request *req, struct reply *rep);
enum err form_post_row(struct cx *cx, struct request *req, struct reply *rep);
enum err form_get_row_remove(struct cx *cx, struct request *req, struct reply *rep);
enum err form_post_row_remove(struct cx *cx, struct request *req, struct reply *rep);
enum err form_get_closed(struct cx *cx, struct request *req, struct reply *rep);
enum err form_post_renew(struct cx *cx, struct request *req, struct reply *rep);
enum err form_get_review(struct cx *cx, struct request *req, struct reply *rep);
enum err form_get_file(struct cx *cx, struct request *req, struct reply *rep);
enum err form_get_file_delete(struct cx *cx, struct request *req, struct reply *rep);
enum err form_post_file_delete(struct cx *cx, struct request *req, struct reply *rep);
enum err form_get_delete(struct cx *cx, struct request *req, struct reply *rep);
enum err form_post_delete(struct cx *cx, struct request *req, struct reply *rep);
