#include "support.h"

#include "db/db.h"
#include "keys/keys.h"

int main(void)
{
    return 0;
}
