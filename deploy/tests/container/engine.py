#!/usr/bin/python3
"""What an engine does with the last stage of the Dockerfile, with namespaces and overlays in its place. As root.

    engine.py build --base DIR --package DEB --layer DIR [--dockerfile FILE]
    engine.py start --base DIR --layer DIR --env-file FILE [--env NAME=VALUE] [--user N:N] [--secrets DIR] [ARGUMENT...]
    engine.py exec PID [--user N:N] WORD...          in a container that runs, as `docker exec`
    engine.py healthcheck PID                        the command of HEALTHCHECK, likewise

`build` runs the last stage's RUN lines above the base and leaves what they write in the layer, with LAYER.json beside
it; of the stages before, it says what it does not run, and of apt-get it has the simulation. `start` becomes the
container: ENTRYPOINT is process 1 of new namespaces (but of the network's), with the image's user, no
capability, no new privileges, a root that is read-only, and /tmp in memory; the exit status is the container's."""

import argparse
import ctypes
import dataclasses
import json
import os
import re
import shutil
import signal
import subprocess
import sys

import dockerfile

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
DEVICES = ["null", "zero", "full", "random", "urandom", "tty"]
# As much of the toolchain as scripts/dependencies asks for.
SWIFT = "echo 'Swift version 6.3'"
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38


def run(*words):
    subprocess.run(words, check=True)


def read_env_file(path):
    """As `docker run --env-file`: what stands behind the = is the value, quotes and all."""
    values = {}
    with open(path, encoding="utf-8") as file:
        for line in file.read().splitlines():
            line = line.lstrip()
            if not line or line.startswith("#"):
                continue
            name, equals, value = line.partition("=")
            if re.search(r"\s", name):
                sys.exit(f"{path}: a variable with a blank in its name: {name}")
            if equals:
                values[name] = value
            elif name in os.environ:
                values[name] = os.environ[name]
    return values


def mount_system(root):
    """/proc, and the devices that every container has."""
    run("mount", "-t", "proc", "proc", f"{root}/proc")
    run("mount", "-t", "tmpfs", "-o", "mode=755,nosuid", "tmpfs", f"{root}/dev")
    for device in DEVICES:
        open(f"{root}/dev/{device}", "w", encoding="utf-8").close()
        run("mount", "--bind", f"/dev/{device}", f"{root}/dev/{device}")
    os.mkdir(f"{root}/dev/shm")
    for name, target in [("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")]:
        os.symlink(target, f"{root}/dev/{name}")


# MARK: Building


def build(options):
    with open(options.dockerfile, encoding="utf-8") as file:
        stages = dockerfile.parse(file.read())
    for stage in stages[:-1]:
        rehearse(stage, options)
    stage, root = stages[-1], writable(options)
    env = {"PATH": PATH}
    for each in stage.instructions:
        if each.keyword == "ENV":
            env.update((name, dockerfile.expand(value, env)) for name, value in each.pairs())
        elif each.keyword == "ARG":
            env.update((name, dockerfile.expand(value or "", env)) for name, value in each.pairs())
        elif each.keyword == "RUN":
            step(each, root, env, options.package)
        elif each.keyword == "COPY":
            sys.exit(f"line {each.line}: COPY in the last stage is not done here")
    os.remove(f"{root}/etc/resolv.conf")
    with open(f"{options.layer}.json", "w", encoding="utf-8") as file:
        json.dump(dockerfile.config(stage), file, indent=1)


def writable(options):
    """An empty layer above the base, with what a RUN line finds in its container."""
    work, root = f"{options.layer}.work", f"{options.layer}.root"
    subprocess.run(["umount", "--quiet", "--recursive", root], check=False)
    for folder in (options.layer, work, root):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
    layers = f"lowerdir={options.base},upperdir={options.layer},workdir={work}"
    run("mount", "-t", "overlay", "overlay", "-o", layers, root)
    mount_system(root)
    shutil.copy("/etc/resolv.conf", f"{root}/etc/resolv.conf")
    return root


def rehearse(stage, options):
    """Of a stage whose base is not to be had, what apt-get would install, with the sources copied until there."""
    root = writable(options)
    stubs = {"apt-get": '[ "$1" = update ] || set -- --simulate "$@"\nexec /usr/bin/apt-get "$@"', "swift": SWIFT}
    os.mkdir(f"{root}/stubs")
    for name, text in stubs.items():
        with open(f"{root}/stubs/{name}", "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n{text}\n")
        os.chmod(f"{root}/stubs/{name}", 0o755)
    folder = "/"
    for each in stage.instructions:
        if each.keyword == "WORKDIR":
            folder = each.text
            os.makedirs(root + folder)
        elif each.keyword == "COPY" and each.words() != [".", "."]:
            *sources, target = each.words()
            target = os.path.join(root + folder, target)
            os.makedirs(target)
            for source in sources:
                shutil.copy(source, target)
        elif each.keyword == "RUN" and "apt-get" in each.text:
            moved = dataclasses.replace(each, text=f"cd {folder} && {each.text}")
            step(moved, root, {"PATH": f"/stubs:{PATH}"}, options.package)
        elif each.keyword == "RUN":
            print(f"not run, since {stage.base} is not here: RUN {each.text}", flush=True)


def step(each, root, env, package):
    """One RUN line, in the root; what it mounts from another stage is the package alone."""
    mounted = []
    for mount in each.mounts():
        if mount.get("type") != "bind":
            sys.exit(f"line {each.line}: a mount of type {mount.get('type')} is not done here")
        target = root + mount["target"]
        os.makedirs(target)
        run("mount", "--bind", os.path.dirname(os.path.abspath(package)), target)
        run("mount", "-o", "remount,bind,ro", target)
        mounted.append(target)
    print(f"RUN {each.text}", flush=True)
    words = ["chroot", root, "/usr/bin/env", "-i", *(f"{name}={value}" for name, value in env.items())]
    status = subprocess.run([*words, "/bin/sh", "-c", each.text], stdin=subprocess.DEVNULL, check=False).returncode
    for target in mounted:
        run("umount", target)
        os.rmdir(target)
    if status:
        sys.exit(f"line {each.line}: exit status {status}: RUN {each.text}")


# MARK: Running


def start(options):
    """Opens the namespaces; the process in them, which is their first, becomes the container's."""
    words = ["unshare", "--pid", "--mount", "--ipc", "--uts", "--fork", "--kill-child=KILL", sys.executable, __file__]
    os.execvp(words[0], [*words, "inside", *sys.argv[2:]])


def inside(options):
    with open(f"{options.layer}.json", encoding="utf-8") as file:
        image = json.load(file)
    root = f"{options.layer}.root"
    run("mount", "--make-rprivate", "/")
    run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={options.layer}:{options.base}", root)
    mount_system(root)
    run("mount", "-t", "tmpfs", "-o", "mode=1777,nosuid,nodev,noexec", "tmpfs", f"{root}/tmp")
    if options.secrets:
        # The layers cannot be written: /run is a folder of its own, with the secrets in it.
        run("mount", "-t", "tmpfs", "-o", "mode=755,nosuid,nodev,noexec", "tmpfs", f"{root}/run")
        os.mkdir(f"{root}/run/secrets")
        run("mount", "--bind", options.secrets, f"{root}/run/secrets")
        run("mount", "-o", "remount,bind,ro", f"{root}/run/secrets")
    env = {"PATH": PATH, "HOSTNAME": "container", "HOME": "/", **image["env"], **read_env_file(options.env_file)}
    env.update(each.partition("=")[::2] for each in options.env)
    # For `exec`, which an engine would tell as well.
    with open(f"{options.layer}.env", "w", encoding="utf-8") as file:
        json.dump(env, file)
    os.chroot(root)
    os.chdir(image["workdir"])
    drop(options.user or image["user"])
    words = [*image["entrypoint"], *(options.arguments or image["cmd"])]
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execve(words[0], words, env)


def drop(user):
    """Takes the user, gives up every capability, and never gets one again."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    with open("/proc/sys/kernel/cap_last_cap", encoding="utf-8") as file:
        last = int(file.read())
    for capability in range(last + 1):
        if prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            sys.exit(f"capability {capability}: {os.strerror(ctypes.get_errno())}")
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    uid, _, gid = user.partition(":")
    os.setgroups([])
    os.setgid(int(gid or 0))
    os.setuid(int(uid))


def execute(options):
    with open(f"{options.layer}.json", encoding="utf-8") as file:
        image = json.load(file)
    with open(f"{options.layer}.env", encoding="utf-8") as file:
        env = json.load(file)
    uid, _, gid = (options.user or image["user"]).partition(":")
    words = image["healthcheck"] if options.command == "healthcheck" else options.arguments
    entry = ["nsenter", f"--target={options.pid}", "--pid", "--mount", "--ipc", "--uts", "--root", "--wd"]
    entry += [f"--setuid={uid}", f"--setgid={gid or 0}", "--", "/usr/bin/env", "-i"]
    os.execvp(entry[0], [*entry, *(f"{name}={value}" for name, value in env.items()), *words])


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("build", "start", "inside", "exec", "healthcheck"):
        command = commands.add_parser(name)
        command.add_argument("--layer", required=True)
        if name in ("exec", "healthcheck"):
            command.add_argument("pid", type=int)
        else:
            command.add_argument("--base", required=True)
        if name == "build":
            command.add_argument("--package", required=True)
            command.add_argument("--dockerfile", default="Dockerfile")
        else:
            command.add_argument("--user")
        if name in ("start", "inside"):
            command.add_argument("--env-file", required=True)
            command.add_argument("--env", action="append", default=[])
            command.add_argument("--secrets")
        if name in ("start", "inside", "exec"):
            command.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    if getattr(options, "arguments", None) and options.arguments[0] == "--":
        options.arguments = options.arguments[1:]
    does = {"build": build, "start": start, "inside": inside, "exec": execute, "healthcheck": execute}
    does[options.command](options)


if __name__ == "__main__":
    main()
