#include "access/access.h"

bool access_waiting(const struct cx *cx)
{
    return cx->access != NULL;
}
