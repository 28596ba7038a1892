// libcurl's functions, under their own names: each loads the library when it is called first and passes its arguments
// on. A process that never calls one does without the library and the forty that come with it, which take most of the
// time of a start and a third of the memory.

#include "shim.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

// Macros that check the arguments of these.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt
#undef curl_share_setopt

#define FUNCTIONS(F)                                                                                                   \
    F(curl_easy_cleanup) F(curl_easy_getinfo) F(curl_easy_header) F(curl_easy_init) F(curl_easy_setopt)                \
    F(curl_easy_strerror) F(curl_getdate) F(curl_global_init) F(curl_multi_add_handle) F(curl_multi_cleanup)           \
    F(curl_multi_info_read) F(curl_multi_init) F(curl_multi_remove_handle) F(curl_multi_setopt)                        \
    F(curl_multi_socket_action) F(curl_share_cleanup) F(curl_share_init) F(curl_share_setopt) F(curl_slist_append)     \
    F(curl_slist_free_all) F(curl_version_info)

#define POINTER(name) __typeof__(&name) name;
static struct { FUNCTIONS(POINTER) } library;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[512];

static void load(void) {
    void *handle = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!handle) goto failed;
#define BIND(name)                                                                                                     \
    library.name = (__typeof__(&name))dlsym(handle, #name);                                                            \
    if (!library.name) goto failed;
    FUNCTIONS(BIND)
    return;
failed:;
    const char *reason = dlerror();
    snprintf(failure, sizeof failure, "%s", reason ? reason : "libcurl.so.4 cannot be loaded");
}

const char *ccurl_load(void) {
    pthread_once(&once, load);
    return *failure ? failure : NULL;
}

#define CALL(name, ...) (need(), library.name(__VA_ARGS__))
static void need(void) {
    if (!ccurl_load()) return;
    fprintf(stderr, "%s\n", failure);
    abort();
}

// The third argument of the variadic ones is a pointer, a long or an offset, each a word.
_Static_assert(sizeof(void *) == sizeof(long) && sizeof(void *) == sizeof(curl_off_t), "one word for each argument");
#define VARIADIC(result, name, handle, option)                                                                         \
    result name(handle self, option what, ...) {                                                                       \
        va_list arguments;                                                                                             \
        va_start(arguments, what);                                                                                     \
        void *argument = va_arg(arguments, void *);                                                                    \
        va_end(arguments);                                                                                             \
        return CALL(name, self, what, argument);                                                                       \
    }

VARIADIC(CURLcode, curl_easy_getinfo, CURL *, CURLINFO)
VARIADIC(CURLcode, curl_easy_setopt, CURL *, CURLoption)
VARIADIC(CURLMcode, curl_multi_setopt, CURLM *, CURLMoption)
VARIADIC(CURLSHcode, curl_share_setopt, CURLSH *, CURLSHoption)

CURL *curl_easy_init(void) { return CALL(curl_easy_init); }
void curl_easy_cleanup(CURL *easy) { CALL(curl_easy_cleanup, easy); }
const char *curl_easy_strerror(CURLcode code) { return CALL(curl_easy_strerror, code); }
CURLHcode curl_easy_header(
    CURL *easy, const char *name, size_t index, unsigned int origin, int request, struct curl_header **header) {
    return CALL(curl_easy_header, easy, name, index, origin, request, header);
}

CURLM *curl_multi_init(void) { return CALL(curl_multi_init); }
CURLMcode curl_multi_cleanup(CURLM *multi) { return CALL(curl_multi_cleanup, multi); }
CURLMcode curl_multi_add_handle(CURLM *multi, CURL *easy) { return CALL(curl_multi_add_handle, multi, easy); }
CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *easy) { return CALL(curl_multi_remove_handle, multi, easy); }
CURLMsg *curl_multi_info_read(CURLM *multi, int *left) { return CALL(curl_multi_info_read, multi, left); }
CURLMcode curl_multi_socket_action(CURLM *multi, curl_socket_t socket, int events, int *running) {
    return CALL(curl_multi_socket_action, multi, socket, events, running);
}

CURLSH *curl_share_init(void) { return CALL(curl_share_init); }
CURLSHcode curl_share_cleanup(CURLSH *share) { return CALL(curl_share_cleanup, share); }

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text) {
    return CALL(curl_slist_append, list, text);
}
void curl_slist_free_all(struct curl_slist *list) { CALL(curl_slist_free_all, list); }

CURLcode curl_global_init(long flags) { return CALL(curl_global_init, flags); }
curl_version_info_data *curl_version_info(CURLversion version) { return CALL(curl_version_info, version); }
time_t curl_getdate(const char *text, const time_t *unused) { return CALL(curl_getdate, text, unused); }
