#!/usr/bin/python3
"""Judges Dockerfile, .dockerignore and compose.yaml by what stands in them; for `run`.

A check is a function whose name is a sentence. It returns what is wrong, a line each."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback

import yaml

import dockerfile

IMAGE_VARIABLES = {"SWIFT_BACKTRACE"}
SECRET = re.compile(r"TOKEN|SECRET|PASSWORD|CREDS|_KEY$")
# What of the Compose Specification we use, by section.
KEYS = {
    "": {"services", "volumes", "secrets"},
    "service": {
        "build", "cap_drop", "command", "depends_on", "env_file", "environment", "healthcheck", "image", "ports",
        "read_only", "restart", "secrets", "security_opt", "stop_grace_period", "tmpfs", "volumes",
    },
    "build": {"args", "context"},
    "healthcheck": {"interval", "retries", "start_period", "test", "timeout"},
}


class Skipped(Exception):
    """Why a check cannot be made."""


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def sources():
    """The files of the checkout; without git, all but what is built or hidden."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return listed.stdout.split("\0")[:-1]
    found = [os.path.join(folder, file)[2:] for folder, _, files in os.walk(".") for file in files]
    return [path for path in found if not path.startswith(".") and "__pycache__" not in path]


STAGES = dockerfile.parse(read("Dockerfile"))
IMAGE = dockerfile.config(STAGES[-1])
RULES = dockerfile.ignore_rules(read(".dockerignore"))
TRACKED = sources()
CONTEXT = dockerfile.context(".", RULES, TRACKED)
DEFAULTS = dict(re.findall(r"^#([A-Z_]+)=(.*)$", read("sample.env"), re.M))
COMPOSE = yaml.safe_load(read("compose.yaml"))


def steps():
    return [each for stage in STAGES for each in stage.every("RUN")]


def seconds(text):
    parts = re.fullmatch(r"(?:(\d+)m)?(?:(\d+)s)?", text)
    return 60 * int(parts[1] or 0) + int(parts[2] or 0)


# MARK: Dockerfile


def Every_base_has_a_version_and_every_stage_is_used():
    names = []
    for stage in STAGES:
        if stage.base not in names and not re.fullmatch(r"[a-z0-9./-]+:(?!latest$)[\w.-]+", stage.base):
            yield f"line {stage.line}: {stage.base} has no version"
        names.append(stage.name)
    used = {mount.get("from") for each in steps() for mount in each.mounts()}
    used |= {each.flag("from") for stage in STAGES for each in stage.every("COPY")} | {stage.base for stage in STAGES}
    yield from (f"stage {name} is not used" for name in names[:-1] if name not in used)
    yield from (f"{name} is no earlier stage" for name in used if name and ":" not in name and name not in names[:-1])


def The_toolchain_is_new_enough():
    version = re.match(r"swift:(\d+)\.(\d+)-bookworm$", STAGES[0].base)
    needed = re.search(r"swift-tools-version: (\d+)\.(\d+)", read("Package.swift"))
    if not version or tuple(map(int, version.groups())) < tuple(map(int, needed.groups())):
        yield f"{STAGES[0].base}: the manifest needs {needed[1]}.{needed[2]} or later, on bookworm as the image is"
    told = IMAGE["labels"]["org.opencontainers.image.base.name"]
    if STAGES[-1].base != "debian:bookworm-slim" or told != f"docker.io/library/{STAGES[-1].base}":
        yield f"{STAGES[-1].base}: expected the Debian that the package is built on"


def Every_source_of_COPY_is_sent_to_the_builder():
    for stage in STAGES:
        for each in stage.every("COPY"):
            for source in each.words()[:-1]:
                path = source.strip("./")
                if not each.flag("from") and not any(f"{file}/".startswith(path) for file in CONTEXT):
                    yield f"line {each.line}: {source} is not among what is sent"


def RUN_lines_are_shell_and_leave_no_package_lists():
    for each in steps():
        shell = subprocess.run(["sh", "-n", "-c", each.text], capture_output=True, text=True, check=False)
        if shell.returncode:
            yield f"line {each.line}: {shell.stderr.strip()}"
        if "apt-get" not in each.text:
            continue
        if "rm -rf /var/lib/apt/lists/*" not in each.text:
            yield f"line {each.line}: the lists of packages stay"
        for install in re.findall(r"apt-get install[^&]*", each.text):
            if "--yes" not in install or "--no-install-recommends" not in install:
                yield f"line {each.line}: apt-get without --yes --no-install-recommends"


def The_builder_does_what_make_deb_does_and_the_image_has_nothing_else():
    builds = [each.text for each in STAGES[0].every("RUN") if re.search(r"\bmake deb\b", each.text)]
    if len(builds) != 1:
        yield f"expected one `make deb` in the first stage: {builds}"
    recipe = subprocess.run(
        # As in a shell, though make itself may be what runs this.
        ["env", "-u", "MAKEFLAGS", "-u", "MAKELEVEL", "make", "-n", "deb"], capture_output=True, text=True, check=False
    ).stdout.strip()
    if recipe != "scripts/deb":
        yield f"make deb runs {recipe}"
    if "scripts/dependencies --deb" not in read("scripts/deb"):
        yield "scripts/deb needs other packages than those that the builder has"
    last = STAGES[-1]
    installs = [words for each in last.every("RUN") for words in re.findall(r"install([^&]*)", each.text)]
    wanted = [["systemd-standalone-sysusers", "/package/whatsapp-bot-nats_*.deb"]]
    if [[word for word in words.split() if not word.startswith("-")] for words in installs] != wanted:
        yield f"the image installs {installs}"
    if last.every("COPY"):
        yield "the image has files that are not the package's"


def The_version_is_the_programs():
    version = re.search(r'static let text = "(.*)"', read("Sources/Shared/Daemon/Version.swift"))[1]
    if IMAGE["labels"].get("org.opencontainers.image.version") != version:
        yield f"org.opencontainers.image.version: expected {version}"
    if not any(re.search(r'--version\)" = "\$VERSION"', each.text) for each in STAGES[-1].every("RUN")):
        yield "no RUN line compares the two"


def The_image_runs_the_supervisor_as_a_number_that_is_not_roots():
    if not re.fullmatch(r"[1-9]\d{3,4}:[1-9]\d{3,4}", IMAGE["user"]):
        yield f"USER {IMAGE['user']}: expected two numbers of no system user"
    if IMAGE["entrypoint"] != ["/usr/bin/whatsapp-supervisor"] or IMAGE["cmd"]:
        yield f"ENTRYPOINT {IMAGE['entrypoint']} CMD {IMAGE['cmd']}: expected the supervisor alone, without a shell"
    if IMAGE["healthcheck"] != ["/usr/bin/whatsapp-supervisor", "status"]:
        yield f"HEALTHCHECK {IMAGE['healthcheck']}: expected its command, without a shell"
    times = IMAGE["healthcheck_times"]
    # `status` itself gives up after 5 s.
    if seconds(times.get("timeout", "")) <= 5 or seconds(times.get("interval", "")) <= seconds(times["timeout"]):
        yield f"HEALTHCHECK {times}: expected more than 5 s for status, and an interval above that"
    if IMAGE["stopsignal"] != "SIGTERM":
        yield f"STOPSIGNAL {IMAGE['stopsignal']}"


def Ports_and_variables_are_the_gateways():
    admin = IMAGE["env"].get("SUPERVISOR_ADMIN", DEFAULTS["SUPERVISOR_ADMIN"])
    if IMAGE["expose"] != [int(DEFAULTS["PORT"]), int(admin.rpartition(":")[2])]:
        yield f"EXPOSE {IMAGE['expose']}"
    for name in IMAGE["env"]:
        if name not in DEFAULTS and name not in IMAGE_VARIABLES:
            yield f"ENV {name} is no variable of sample.env"
    if IMAGE["env"].get("SUPERVISOR_COMPONENTS") != "ingress,egress":
        yield "SUPERVISOR_COMPONENTS: expected both"


def No_secret_can_come_into_a_layer():
    for stage in STAGES:
        for each in stage.every("ARG") + stage.every("ENV") + stage.every("LABEL"):
            for name, _ in each.pairs():
                if SECRET.search(name) or re.match(r"(WA|TOKEN)_", name):
                    yield f"line {each.line}: {name}"
    planted = [
        ".env", ".env.local", "deploy/.env", "docs/.env.production", ".git/config", ".run/env", ".run/nats/jetstream/x",
        ".build/debug/x", ".build-deb/package/x.deb", "secrets/APP_SECRET", "token", "key.pem", "nats.creds",
    ]
    yield from (f"{path} is sent to the builder" for path in planted if dockerfile.sent(path, RULES))


def What_make_deb_reads_is_sent_to_the_builder():
    paths = re.findall(r'path: "((?:Sources|Tests|benchmarks)/[^"\\]*)', read("Package.swift"))
    needed = ["Makefile", "Package.swift", "sample.env", "scripts/deb", "scripts/dependencies"]
    needed += ["deploy/nats-server.conf"]
    # The folders out of which it copies.
    folders = {f"{folder}/" for folder in re.findall(r"\b(deploy/\w+|docs|examples)\b", read("scripts/deb"))}
    needed += [path for path in TRACKED if path.startswith(("Sources/", *folders))]
    yield from (f"{path} is not sent" for path in needed if path not in CONTEXT)
    yield from (f"{path} is not sent" for path in paths if not any(file.startswith(path) for file in CONTEXT))


# MARK: compose.yaml


def compose_problems(compose):
    yield from (f"unknown: {key}" for key in compose.keys() - KEYS[""])
    for name, service in compose["services"].items():
        yield from (f"{name}: unknown: {key}" for key in service.keys() - KEYS["service"])
        for section in ("build", "healthcheck"):
            if isinstance(service.get(section), str):
                continue
            yield from (f"{name}.{section}: unknown: {key}" for key in service.get(section, {}).keys() - KEYS[section])
        for each in service.get("depends_on", {}):
            if each not in compose["services"]:
                yield f"{name} depends on {each}"
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            is_here = source.startswith("./") and os.path.exists(source)
            if source not in (compose.get("volumes") or {}) and not is_here:
                yield f"{name}: no such volume: {volume}"
        for each in service.get("secrets", []):
            if each not in compose["secrets"]:
                yield f"{name}: no such secret: {each}"


def Compose_names_what_there_is():
    yield from compose_problems(COMPOSE)
    gateway = COMPOSE["services"]["gateway"]
    for name in gateway["environment"]:
        if name not in DEFAULTS:
            yield f"gateway: no such variable in sample.env: {name}"
    for name in gateway["build"]["args"]:
        if not any(name == pair[0] for stage in STAGES for each in stage.every("ARG") for pair in each.pairs()):
            yield f"gateway: no ARG {name}"
    ports = [dockerfile.expand(port, {}).split(":")[-1] for port in gateway["ports"]]
    if [int(port) for port in ports] != IMAGE["expose"]:
        yield f"gateway: the ports {ports} are not those of EXPOSE"
    if not gateway["ports"][1].startswith("127.0.0.1:"):
        yield "gateway: the admin endpoint is open to other machines"


def Compose_with_its_comments_taken_in_names_what_there_is():
    # What is commented out is a line of YAML, which a sentence is not.
    compose = yaml.safe_load(re.sub(r"^( *)# ( *[\w-]+:(?: .*)?)$", r"\1\2", read("compose.yaml"), flags=re.M))
    if "bot" not in compose["services"] or "CREDENTIALS_DIRECTORY" not in compose["services"]["gateway"]["environment"]:
        yield f"expected a bot and the secrets: {compose}"
    yield from compose_problems(compose)


def Compose_itself_takes_the_file():
    """Where it is installed; it needs no engine for this."""
    for command in (["docker", "compose"], ["docker-compose"]):
        answers = shutil.which(command[0]) and subprocess.run([*command, "version"], capture_output=True, check=False)
        if not answers or answers.returncode:
            continue
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy("compose.yaml", folder)
            open(os.path.join(folder, ".env"), "w", encoding="utf-8").close()
            words = [*command, "--project-directory", folder, "--file", f"{folder}/compose.yaml", "config", "--quiet"]
            judged = subprocess.run(words, capture_output=True, text=True, check=False)
        if judged.returncode:
            yield judged.stderr.strip()
        return
    raise Skipped("neither docker compose nor docker-compose is here")


def Compose_gives_a_stop_the_time_to_drain_and_the_gateway_no_rights():
    gateway = COMPOSE["services"]["gateway"]
    if seconds(gateway["stop_grace_period"]) * 1000 < int(DEFAULTS["SUPERVISOR_DRAIN_MS"]) + 10000:
        yield f"stop_grace_period: {gateway['stop_grace_period']}: expected 10 s above SUPERVISOR_DRAIN_MS"
    want = {"read_only": True, "tmpfs": "/tmp", "cap_drop": ["ALL"], "security_opt": ["no-new-privileges:true"]}
    yield from (f"gateway: {key}: {gateway.get(key)}" for key, value in want.items() if gateway.get(key) != value)
    if gateway["depends_on"]["nats"] != {"condition": "service_healthy"}:
        yield "gateway: expected to stop before nats does"


def The_command_of_nats_is_one_that_nats_server_takes():
    nats = COMPOSE["services"]["nats"]
    mounted = dict(reversed(volume.split(":")[:2]) for volume in nats["volumes"])
    words = [mounted.get(word, word) for word in nats["command"]]
    server = next((path for path in ("/usr/sbin/nats-server",) if os.path.exists(path)), words[0])
    try:
        test = subprocess.run([server, "-t", *words[1:]], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return
    if test.returncode:
        yield test.stderr.strip()
    stored = re.search(r'store_dir: "(.*)"', read("deploy/nats-server.conf"))[1]
    if not any(stored.startswith(target) and not source.startswith(".") for target, source in mounted.items()):
        yield f"{stored} is on no volume"


# MARK: Running


def main():
    failed = False
    for name, check in list(globals().items()):
        if not re.match(r"[A-Z]\w*_", name) or not callable(check):
            continue
        try:
            problems = list(check())
        except Skipped as reason:
            print(f"skipped  {name.replace('_', ' ')}: {reason}")
            continue
        except Exception:  # a file in another form than expected is a problem, too
            problems = [traceback.format_exc(limit=-1).strip()]
        print(f"{'FAIL    ' if problems else 'ok      '} {name.replace('_', ' ')}")
        for problem in problems:
            print(f"         {problem}")
        failed = failed or bool(problems)
    sys.exit(failed)


if __name__ == "__main__":
    main()
