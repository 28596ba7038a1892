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
