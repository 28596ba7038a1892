"""Which programs are measured, and which tools measure them."""

import os
import subprocess
import sys
from pathlib import Path

root = Path(__file__).resolve().parents[2]
TOOLS = ("load", "graph-simulator", "yardstick-nio")


class Binaries:
    """Finds programs by name: those that are measured in one folder, the tools that measure in another."""

    def __init__(self, measured, tools=None):
        self._measured, self._tools = Path(measured).resolve(), Path(tools or measured).resolve()

    @staticmethod
    def of_environment(*more_tools):
        """Those of BENCH_BINARIES as they are, with the tools built here; else all built as the package builds them.

        BENCH_TOOLS names a folder of tools that are built already.
        """
        measured, tools = os.environ.get("BENCH_BINARIES"), os.environ.get("BENCH_TOOLS")
        if measured and tools:
            return Binaries(measured, tools)
        built = Binaries._build(more_tools, programs=not measured)
        Binaries._build_yardstick(Path(built))
        return Binaries(measured or built, built)

    @staticmethod
    def _build(more_tools, programs):
        command = [root / "scripts/deb", "--programs" if programs else "--tools", *TOOLS, *more_tools]
        # What is built is told on stderr, as progress; the last line of stdout is where it lies.
        output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if output.returncode != 0:
            print(output.stdout, file=sys.stderr)
            sys.exit(f"{command[0]} failed")
        return output.stdout.splitlines()[-1]

    @staticmethod
    def _build_yardstick(folder):
        subprocess.run(["go", "build", "-o", folder / "yardstick-go", root / "benchmarks/yardstick.go"], check=True)

    def beside(self, measured):
        """The same tools for the programs of another folder."""
        return Binaries(measured, self._tools)

    def __getitem__(self, name):
        path = (self._measured if name.startswith("whatsapp-") else self._tools) / name
        if not os.access(path, os.X_OK):
            sys.exit(f"{path} is not there")
        return str(path)

    def __str__(self):
        return str(self._measured)
