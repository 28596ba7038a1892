// The three programs of the package are one file with three names: they share most of what they are made of, and so
// take a third of the room. Each does what it does when built alone.

#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>

int Ingress_main(int argc, char **argv);
int Egress_main(int argc, char **argv);
int Supervisor_main(int argc, char **argv);

int main(int argc, char **argv) {
    // The path that the kernel was asked for; what a caller puts into argv[0] is up to the caller.
    const char *path = (const char *)getauxval(AT_EXECFN);
    const char *slash = path ? strrchr(path, '/') : NULL;
    const char *name = slash ? slash + 1 : path ? path : "";
    if (strcmp(name, "whatsapp-ingress") == 0) return Ingress_main(argc, argv);
    if (strcmp(name, "whatsapp-egress") == 0) return Egress_main(argc, argv);
    if (strcmp(name, "whatsapp-supervisor") == 0) return Supervisor_main(argc, argv);
    fprintf(stderr, "%s: expected the name whatsapp-ingress, whatsapp-egress or whatsapp-supervisor\n", name);
    return 64;
}
