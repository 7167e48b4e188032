/* Inside decision/: the examples of a service folder, as far as rules are concerned. */
#pragma once
#include "service/service.h"

/* For struct service_part: an example whose `expect` has an `outcome`, or a table of inputs and outcomes. */
enum err rules_try_example(struct cx *cx, const struct service_version *version, const struct yaml *example,
                           struct problems *ps);
