// elfutils as Swift sees it: libelf for symbols, libdw for unwind tables and debug information.
#ifndef HEADWAY_ELFUTILS_H
#define HEADWAY_ELFUTILS_H

#include <dwarf.h>
#include <elf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>
#include <gelf.h>
#include <libelf.h>
#include <sys/auxv.h>

// `dl_phdr_info` and `dl_iterate_phdr` under names of their own. Exists because <link.h> hides both, being
// GNU extensions, from Swift's view of the C library.
struct headway_loaded_object {
  Elf64_Addr bias;
  const char *name;
  const Elf64_Phdr *headers;
  Elf64_Half header_count;
  unsigned long long added;
  unsigned long long removed;
};
extern int headway_iterate_objects(
    int (*visit)(struct headway_loaded_object *object, size_t size, void *context), void *context)
    __asm__("dl_iterate_phdr");

#endif
