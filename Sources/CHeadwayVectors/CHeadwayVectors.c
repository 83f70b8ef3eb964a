// All shims are inline functions of the header; the package manager needs one file to compile.
#include "CHeadwayVectors.h"
