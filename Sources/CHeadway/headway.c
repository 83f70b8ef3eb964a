/* Compiles the header by itself: it must not rely on what a file includes before it. */
#include "headway.h"
