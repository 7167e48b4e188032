/* The letters of a service folder, for service_parts_register in app/modules.c. */
#pragma once
#include "service/service.h"

extern const struct service_part letter_part;
