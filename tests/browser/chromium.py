"""The Chromium that browser tests drive: found, installed from Debian's packages, started.

`python -m tests.browser.chromium` installs one where there is none, or says what to install.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

VARIABLE = "CHROMIUM"
"""Environment variable that names the executable where it is not on the PATH."""

NAMES = (
    # The same engine without a browser's windows: the tests take a quarter less time with it.
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PACKAGES = ("chromium-headless-shell", "chromium")
"""Debian's, the better first; older releases have only the other."""
REMEDY = (
    "Browser tests need Chromium or Chrome and found none. Install it (Debian: apt-get install "
    f"chromium) or name it: make test {VARIABLE}=/path/to/chromium."
)
FLAGS = (
    # Only loopback resolves, addresses included, and no proxy of the environment is asked.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]",
    "--no-proxy-server",
    # The browser's own traffic would fail on that anyway; without it, the tests are faster.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    # A small /dev/shm, as containers have it, crashes pages.
    "--disable-dev-shm-usage",
)


class ChromiumMissingError(RuntimeError):
    """There is no browser to drive, and none could be installed."""


def find() -> Path:
    """The Chromium or Chrome of this machine.

    Raises:
        ChromiumMissingError: there is none, or `CHROMIUM` names none.
    """
    named = os.environ.get(VARIABLE)
    candidates = [named] if named else [*NAMES, *APPLICATIONS]
    for path in filter(None, map(shutil.which, candidates)):
        # Ubuntu's chromium is a stub that only says how to install the real one.
        if subprocess.run([path, "--version"], capture_output=True).returncode == 0:
            return Path(path)
    raise ChromiumMissingError(REMEDY)


def find_or_install() -> Path:
    """The browser of this machine, else Debian's, installed as root or by `sudo -n`.

    Raises:
        ChromiumMissingError: neither was possible.
    """
    try:
        return find()
    except ChromiumMissingError:
        if os.environ.get(VARIABLE) or not _install():
            raise
        return find()


def _install() -> bool:
    """Whether one of Debian's packages was installed."""
    if not shutil.which("apt-get"):
        return False
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if root and not shutil.which("sudo"):
        return False
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    install = [*apt, "install", "--no-install-recommends", "fonts-liberation"]
    return _runs([*apt, "update"]) and any(_runs([*install, package]) for package in PACKAGES)


def _runs(command: list[str]) -> bool:
    """Whether it ends well; what it says goes to stderr."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    return done.returncode == 0


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless browser that reaches loopback and nothing else."""
    # Chromium refuses its sandbox to root, as which containers run it.
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*FLAGS]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=flags)
        yield browser
        browser.close()


def main() -> int:
    """Exit status 0 where browser tests can run, else 1 and one line that says what to install."""
    try:
        path = find_or_install()
    except ChromiumMissingError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Browser for the tests: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
