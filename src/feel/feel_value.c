#include "feel.h"
