#pragma once

// What Swift cannot import: variadic functions, macros with arguments, and what glibc shows to _GNU_SOURCE alone, which
// is declared here by hand: to define that in one module makes its view of glibc's types differ from the others'.

#include <spawn.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

static inline int linux_set_undumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
static inline int linux_is_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }
static inline int linux_set_parent_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }

extern const char *sigabbrev_np(int signal);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int lowest);

// The name of a signal without SIG, such as "KILL", or NULL.
static inline const char *linux_signal_name(int signal) { return sigabbrev_np(signal); }

// Closes every descriptor from `lowest` on in the child.
static inline int linux_spawn_close_from(posix_spawn_file_actions_t *actions, int lowest) {
    return posix_spawn_file_actions_addclosefrom_np(actions, lowest);
}

// The control part of a received message, piece by piece.
static inline struct cmsghdr *linux_cmsg_first(struct msghdr *message) { return CMSG_FIRSTHDR(message); }
static inline struct cmsghdr *linux_cmsg_next(struct msghdr *message, struct cmsghdr *previous) {
    return CMSG_NXTHDR(message, previous);
}
static inline unsigned char *linux_cmsg_data(struct cmsghdr *header) { return CMSG_DATA(header); }
static inline size_t linux_cmsg_data_length(struct cmsghdr *header) { return header->cmsg_len - CMSG_LEN(0); }

// SCM_CREDENTIALS and struct ucred: who sent a message, in the kernel's word.
enum { linux_scm_credentials = 2 };
struct linux_credentials {
    int pid;
    unsigned int uid;
    unsigned int gid;
};

// Names the calling thread; the kernel keeps 15 bytes.
static inline void linux_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

// The process ID of a child that has ended and is not reaped, which it still is afterwards; 0 when there is none, -1
// with errno.
static inline int linux_ended_child(void) {
    siginfo_t info;
    info.si_pid = 0;
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 ? info.si_pid : -1;
}
static inline int linux_has_exited(int status) { return WIFEXITED(status); }
static inline int linux_exit_status(int status) { return WEXITSTATUS(status); }
static inline int linux_end_signal(int status) { return WTERMSIG(status); }
