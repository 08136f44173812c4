// unbound-event.h needs bool and the event base; eventfd is not in Swift's Glibc module.
#include <stdbool.h>
#include <sys/eventfd.h>
#include <event2/event.h>
#include <unbound.h>
#include <unbound-event.h>
