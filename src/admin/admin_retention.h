/* Retention, for the administrator: used by the table of routes alone. */
#pragma once
#include "http/http.h"

enum err admin_retention(struct cx *cx, struct request *req, struct reply *rep);
enum err admin_retention_run_page(struct cx *cx, struct request *req, struct reply *rep);
enum err admin_retention_run(struct cx *cx, struct request *req, struct reply *rep);
enum err admin_retention_approve(struct cx *cx, struct request *req, struct reply *rep);
enum err admin_retention_hold(struct cx *cx, struct request *req, struct reply *rep);
enum err admin_retention_release_page(struct cx *cx, struct request *req, struct reply *rep);
enum err admin_retention_release(struct cx *cx, struct request *req, struct reply *rep);
