"""Reads a Dockerfile and a .dockerignore: the instructions that ours use, each in the form that the engines document.

What is not known here is an error, so that nothing of the file goes unread."""

import dataclasses
import json
import os
import re
import shlex

INSTRUCTIONS = set("ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL RUN STOPSIGNAL USER WORKDIR".split())
FLAGS = {
    "COPY": {"from", "chown", "chmod"},
    "FROM": {"platform"},
    "HEALTHCHECK": {"interval", "timeout", "start-period", "retries"},
    "RUN": {"mount", "network"},
}


class Malformed(Exception):
    """What cannot be read, and where."""


@dataclasses.dataclass
class Instruction:
    keyword: str
    line: int
    flags: list  # of (name, value), in order
    text: str

    def flag(self, name):
        return next((value for key, value in self.flags if key == name), None)

    def words(self):
        """The words of the exec form, or those that blanks part."""
        return self.exec_form() or self.text.split()

    def exec_form(self):
        """The words of a JSON array of strings; None for anything else, which a shell would run."""
        try:
            words = json.loads(self.text)
        except ValueError:
            return None
        return words if isinstance(words, list) and all(isinstance(word, str) for word in words) else None

    def pairs(self):
        """The (name, value) pairs of ARG, ENV and LABEL; the value is None where an ARG has no default."""
        if "'" in self.text:
            raise Malformed(f"line {self.line}: single quotes are not read here")
        pairs = []
        for word in shlex.split(self.text):
            name, equals, value = word.partition("=")
            if not equals and self.keyword != "ARG":
                raise Malformed(f"line {self.line}: expected NAME=VALUE: {word}")
            pairs.append((name, value if equals else None))
        return pairs

    def mounts(self):
        """The mounts of a RUN, each as the fields by name."""
        fields = [value.split(",") for name, value in self.flags if name == "mount"]
        return [dict(field.partition("=")[::2] for field in mount) for mount in fields]


@dataclasses.dataclass
class Stage:
    base: str
    name: str
    line: int
    instructions: list

    def last(self, keyword):
        return next((each for each in reversed(self.instructions) if each.keyword == keyword), None)

    def every(self, keyword):
        return [each for each in self.instructions if each.keyword == keyword]


def logical_lines(text):
    """(number, line) with continued lines joined; comments go, also those between continued lines."""
    number, joined = 0, None
    for at, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            if re.match(r"#\s*(syntax|escape|check)\s*=", line):
                raise Malformed(f"line {at}: a directive, which is not read here")
            continue
        if not line.strip():
            if joined is not None:
                raise Malformed(f"line {at}: an empty line within an instruction")
            continue
        number, joined = (at, "") if joined is None else (number, joined)
        if line.rstrip().endswith("\\"):
            joined += line.rstrip()[:-1] + " "
        else:
            yield number, (joined + line).strip()
            joined = None
    if joined is not None:
        raise Malformed(f"line {number}: the last line is continued")


def instruction(number, line):
    keyword, _, rest = line.partition(" ")
    keyword = keyword.upper()
    if keyword not in INSTRUCTIONS:
        raise Malformed(f"line {number}: {keyword} is no instruction of ours")
    if "<<" in rest:
        raise Malformed(f"line {number}: here-documents are not read here")
    flags, rest = [], rest.strip()
    while match := re.match(r"--([a-z-]+)=(\S+)\s+", rest):
        name, value = match.groups()
        if name not in FLAGS.get(keyword, ()):
            raise Malformed(f"line {number}: {keyword} --{name} is no flag of ours")
        flags.append((name, value))
        rest = rest[match.end():]
    # An option of ONBUILD's or of nobody's: `--` cannot begin a command.
    if rest.startswith("--") or not rest:
        raise Malformed(f"line {number}: {keyword} lacks its argument: {rest}")
    return Instruction(keyword, number, flags, re.sub(r"\s+", " ", rest) if keyword != "RUN" else rest)


def parse(text):
    """The stages of a Dockerfile, in order."""
    stages = []
    for number, line in logical_lines(text):
        each = instruction(number, line)
        if each.keyword == "FROM":
            match = re.fullmatch(r"(\S+)(?:\s+AS\s+([a-z][a-z0-9_.-]*))?", each.text, re.I)
            if not match:
                raise Malformed(f"line {number}: expected FROM image [AS name]")
            stages.append(Stage(match[1], match[2] or str(len(stages)), number, []))
        elif not stages:
            raise Malformed(f"line {number}: {each.keyword} stands before the first FROM")
        else:
            stages[-1].instructions.append(each)
    if not stages:
        raise Malformed("no FROM")
    return stages


def expand(text, variables):
    """Fills in $NAME, ${NAME} and ${NAME:-default}; what is not set is empty."""

    def value(match):
        return variables.get(match[1] or match[2]) or match[3] or ""

    return re.sub(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::-([^}]*))?\})", value, text)


def config(stage, build_args=()):
    """What the image of a stage is run with. Variables of the base image's are not known."""
    args, env, labels = dict(build_args), {}, {}
    for each in stage.instructions:
        known = {**args, **env}
        if each.keyword == "ARG":
            for name, value in each.pairs():
                args.setdefault(name, expand(value or "", known))
        elif each.keyword in ("ENV", "LABEL"):
            (env if each.keyword == "ENV" else labels).update(
                (name, expand(value, known)) for name, value in each.pairs()
            )
    health = stage.last("HEALTHCHECK")
    command = Instruction("CMD", health.line, [], health.text.removeprefix("CMD ")) if health else None
    text = lambda keyword, default: stage.last(keyword).text if stage.last(keyword) else default
    words = lambda keyword: stage.last(keyword).exec_form() if stage.last(keyword) else []
    return {
        "args": args, "env": env, "labels": labels,
        "user": text("USER", ""), "workdir": text("WORKDIR", "/"), "stopsignal": text("STOPSIGNAL", "SIGTERM"),
        "entrypoint": words("ENTRYPOINT"), "cmd": words("CMD"),
        "healthcheck": command.exec_form() if command else None,
        "healthcheck_times": dict(health.flags) if health else {},
        "expose": [int(port.removesuffix("/tcp")) for each in stage.every("EXPOSE") for port in each.text.split()],
    }


# MARK: .dockerignore


def pattern(text):
    """A pattern of .dockerignore as a regular expression over a path; it matches what lies below, too."""
    out, at = "", 0
    while at < len(text):
        if text.startswith("**/", at):
            out, at = out + "(?:.*/)?", at + 3
        elif text.startswith("**", at):
            out, at = out + ".*", at + 2
        else:
            out += {"*": "[^/]*", "?": "[^/]"}.get(text[at], re.escape(text[at]))
            at += 1
    return re.compile(out + "(?:/.*)?")


def ignore_rules(text):
    """(whether it takes away, expression) of each line."""
    rules = []
    for line in map(str.strip, text.splitlines()):
        if line and not line.startswith("#"):
            rules.append((not line.startswith("!"), pattern(line.removeprefix("!").strip("/"))))
    return rules


def sent(path, rules):
    """Whether a file is sent to the builder: the last rule that matches decides."""
    ignored = False
    for takes_away, expression in rules:
        if expression.fullmatch(path):
            ignored = takes_away
    return not ignored


def context(folder, rules, files):
    """Those of the files, paths below the folder, that the builder gets to see."""
    return [path for path in files if sent(path, rules) and os.path.lexists(os.path.join(folder, path))]
