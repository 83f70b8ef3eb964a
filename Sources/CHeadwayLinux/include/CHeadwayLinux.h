// Linux calls and machine instructions that Swift cannot express by itself.
// Each shim says why it exists; delete it when Swift can do without.
#ifndef HEADWAY_LINUX_H
#define HEADWAY_LINUX_H
#endif
