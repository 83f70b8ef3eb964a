// zlib as Swift sees it: gzip for the exports whose readers expect it.
#ifndef HEADWAY_ZLIB_H
#define HEADWAY_ZLIB_H

#include <zlib.h>

#endif
