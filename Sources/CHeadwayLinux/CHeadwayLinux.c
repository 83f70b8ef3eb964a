// All shims are inline functions of the header; SwiftPM needs one file to compile.
#include "CHeadwayLinux.h"
