"""TLS before the Graph simulator: an authority made for one run, a server in front, and a program that trusts it."""

import os
import shutil
import subprocess
import sys

SYSTEM_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


class Trust:
    """An authority of its own and a certificate for localhost, in a folder."""

    def __init__(self, folder):
        self._folder = folder
        self.bundle = folder / "bundle.pem"
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        self._openssl(
            "req", "-x509", *key, "-keyout", "authority.key", "-out", "authority.pem", "-days", "1",
            "-subj", "/CN=benchmark authority")
        self._openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
        (folder / "names").write_text("subjectAltName=DNS:localhost\n")
        self._openssl(
            "x509", "-req", "-in", "server.csr", "-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial",
            "-out", "server.pem", "-days", "1", "-extfile", "names")
        # The system's authorities stay in it: reading them all is part of what a worker does.
        with open(SYSTEM_BUNDLE) as system:
            self.bundle.write_text(system.read() + (folder / "authority.pem").read_text())

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self._folder, check=True, capture_output=True)

    def server(self, port, behind):
        """The command of a TLS server on this port of 127.0.0.1 that hands plain bytes on to another port."""
        program = shutil.which("stunnel4", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin")
        if program is None:
            sys.exit("stunnel4 is missing: scripts/dependencies --bench installs it")
        (self._folder / "stunnel.conf").write_text(
            f"foreground = yes\npid =\ndebug = warning\nsocket = l:TCP_NODELAY=1\nsocket = r:TCP_NODELAY=1\n"
            f"[graph]\naccept = 127.0.0.1:{port}\nconnect = 127.0.0.1:{behind}\n"
            f"cert = {self._folder}/server.pem\nkey = {self._folder}/server.key\nTIMEOUTclose = 0\n")
        return [program, str(self._folder / "stunnel.conf")]

    def trusting(self, command):
        """The command in a mount namespace of its own, in which the system's bundle has the authority too."""
        rights = [] if os.geteuid() == 0 else ["--map-root-user"]
        script = f'mount --bind "$0" {SYSTEM_BUNDLE} && exec "$@"'
        return ["unshare", *rights, "--mount", "sh", "-c", script, str(self.bundle), *command]
