// OpenBLAS's CBLAS interface. Debian keeps <cblas.h> in an architecture directory that pkg-config names.
#include <cblas.h>
