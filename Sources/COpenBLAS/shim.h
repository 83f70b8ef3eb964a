// OpenBLAS's C interface.
//
// Debian keeps <cblas.h> twice: in a directory that pkg-config names, and as a link in the architecture's own
// include directory, which is searched without pkg-config.
#include <cblas.h>
