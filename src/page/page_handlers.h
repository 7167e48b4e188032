/* The handlers of page_routes.c. */
#pragma once
#include "page.h"

enum err page_language(struct cx *cx, struct request *req, struct reply *rep);
enum err page_extend(struct cx *cx, struct request *req, struct reply *rep);
enum err page_help(struct cx *cx, struct request *req, struct reply *rep);
enum err page_kept(struct cx *cx, struct request *req, struct reply *rep);
enum err page_kept_forget(struct cx *cx, struct request *req, struct reply *rep);
enum err page_accessibility(struct cx *cx, struct request *req, struct reply *rep);
enum err page_privacy(struct cx *cx, struct request *req, struct reply *rep);
enum err page_municipality_css(struct cx *cx, struct request *req, struct reply *rep);
enum err page_logo(struct cx *cx, struct request *req, struct reply *rep);
enum err page_styleguide(struct cx *cx, struct request *req, struct reply *rep);
