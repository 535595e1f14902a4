"""docs/howto/add-a-platform.md, followed word for word: its files are written, its commands run, in their order."""

import os
import re
import subprocess
import sysconfig
import venv
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "howto" / "add-a-platform.md"
BLOCK = re.compile(r"""(?:<!--\ exits\ (?P<code>\d+)\ -->\n)?
                       ^```(?P<kind>\w*)(?:\ title="(?P<file>[^"]+)")?\n
                       (?P<text>.*?)^```$""", re.MULTILINE | re.DOTALL | re.VERBOSE)


@pytest.fixture
def environment(tmp_path):
    """What the page asks for before it starts: an environment with Mostrador in it, and its commands on the path.

    A new one for each test, so that installing the adapter leaves no trace in the one that runs the tests.
    """
    home = tmp_path / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    here = sysconfig.get_path("purelib")
    (packages / "mostrador.pth").write_text(f"import site; site.addsitedir({here!r})\n{ROOT}\n")
    for name, module in (("mostrador", "plugin.cli"), ("pip", "pip._internal.cli.main")):
        command = home / "bin" / name
        command.write_text(f"#!{home}/bin/python\nimport sys\nfrom {module} import main\nsys.exit(main())\n")
        command.chmod(0o755)
    inherited = {name: value for name, value in os.environ.items()
                 if not name.startswith(("MOSTRADOR_", "PYTEST_", "PYTHON"))}
    return {**inherited, "PATH": f"{home}/bin{os.pathsep}{os.environ['PATH']}", "VIRTUAL_ENV": str(home),
            "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


class Author:
    """Follows the page: `folder` moves with ``cd``, `printed` keeps what each command block said."""

    def __init__(self, folder, environment):
        self.folder = folder
        self.environment = environment
        self.printed = []

    def follow(self, block):
        if block["kind"] == "sh":
            self.run(block["text"], int(block["code"] or 0))
        else:
            file = self.folder / block["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block["text"], encoding="utf-8")

    def run(self, commands, code):
        place = self.folder.parent / "place.txt"
        script = f"set -e\ntrap 'pwd > {place}' EXIT\n{commands}"
        ran = subprocess.run(["sh", "-c", script], cwd=self.folder, env=self.environment, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=150, check=False)
        assert ran.returncode == code, f"{commands}\n{ran.stdout}"
        self.folder = Path(place.read_text().strip())
        self.printed.append(ran.stdout)


def test_every_block_of_the_page_is_a_command_or_a_file():
    text = PAGE.read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    assert len(blocks) * 2 == len(re.findall(r"^```", text, re.MULTILINE)) and len(blocks) > 10
    assert all(block["kind"] == "sh" or block["file"] for block in blocks)


def test_the_page_leads_from_nothing_to_an_adapter_that_keeps_every_promise(tmp_path, environment):
    folder = tmp_path / "work"
    folder.mkdir()
    author = Author(folder, environment)
    for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        author.follow(block)
    written, red, green = author.printed
    assert re.search(r"^kiosk\s+Kiosk\s+\(mostrador-kiosk 0\.1\)$", written, re.MULTILINE)
    assert "✗" in red and "Record some deliveries of a real store first" in red
    assert re.search(r"^kiosk \(mostrador-kiosk 0\.1\): \d+ kept, 0 to do", green, re.MULTILINE) and "✗" not in green
    for name in ("demo", "kiosk", "woocommerce"):
        assert re.search(rf"^{name}\s", green, re.MULTILINE), f"{name} is not in the list"
    assert "mostrador-kiosk" not in {one.name for one in distributions()}, "The page left something behind."
