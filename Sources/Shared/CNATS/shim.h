#pragma once
#include <nats/nats.h>
#include <sys/eventfd.h>

// Of the library's own header, and in every version's symbols: has each message shown to `filter` on the thread that reads
// it, before its subscription gets it; a filter that keeps the message sets it to NULL. What a subscription without a
// thread is given otherwise never holds the word that nobody answers: asked for the next message, the library keeps that,
// and with it whose request it is about. A version without this function cannot be linked.
extern void natsConn_setFilterWithClosure(
    natsConnection *connection, void (*filter)(natsConnection *connection, natsMsg **message, void *closure),
    void *closure);

// As above: a message as it is on the wire, `bytes` being its block of headers (`headerLength` of them, from `NATS/1.0` to the
// empty line) and its payload. Adding one header after another costs the library four allocations each.
extern natsStatus natsMsg_create(
    natsMsg **message, const char *subject, int subjectLength, const char *reply, int replyLength, const char *bytes,
    int length, int headerLength);
