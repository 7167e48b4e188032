/* A Form.io form from anybody: it is refused, or it becomes a folder that loads without a fault of the form. */
#include <stdint.h>
#include <stdlib.h>

#include "fuzz_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    return fuzz_import(data, n, import_formio);
}
