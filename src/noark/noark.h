/* The Noark 5 API (Noark 5 tjenestegrensesnitt 1.1): the record for programs of others, at /noark5v5/. */
#pragma once
#include "base/base.h"
#include "keys/keys.h"

struct http_module;
extern const struct http_module noark_module, noark_allow_module;

/* At start, after the archive has been prepared: the codes of the specification that are not there yet. */
enum err noark_prepare(struct cx *cx);

/* Inside db_write: a program that may use the API with this user name and password, for one unit. What it had before is
   replaced. ERR_NOT_FOUND: no such unit. */
enum err noark_client_set(struct cx *cx, struct str name, struct str password, struct str client, struct str unit_key);

/* Inside db_write: a program that employees use in their own name (OAuth 2.0 with PKCE, no secret), and the addresses
   they may be sent back to: https, or http on the employee's own machine, there on any port. What it had before is
   replaced; no address: it is taken away, and what employees allowed it ends. ERR_INVALID: not such an address.
   ERR_NOT_FOUND: nothing to take away. */
enum err noark_app_set(struct cx *cx, struct str client, struct str name, const struct str *redirects, size_t n);

/* What hangs on a case file that is disposed of (law 10). Inside db_write. */
enum err noark_erase(struct cx *cx, int64_t casefile_id);
/* Seals identity numbers anew: keys.h. */
enum err noark_keys_reseal(struct cx *cx, struct keys_batch *batch);
