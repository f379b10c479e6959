"""The settings of one workspace and its server, read from the environment once, at the rim."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from jtbd.errors import InputError, Issue, issue
from jtbd.resources import shipped

DEMO_MARK = "demo.json"

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True)
class Rate:
    """How often something may happen: ``most`` times in ``seconds``; 0 times stands for no limit."""

    most: int
    seconds: int

    def __str__(self) -> str:
        """As it is written in a setting."""
        unit = next(name for name, seconds in _SECONDS.items() if seconds == self.seconds)
        return f"{self.most}/{unit}" if self.most else "off"


def _rate(text: str) -> Rate:
    if text == "off":
        return Rate(0, 60)
    number, unit = re.fullmatch(r"([1-9][0-9]{0,8})/(second|minute|hour|day)", text).groups()  # type: ignore[union-attr]
    return Rate(int(number), _SECONDS[unit])


def _proxies(text: str) -> int:
    if not re.fullmatch("[0-9]|10", text):
        raise ValueError
    return int(text)


_HOST = re.compile(r"\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]")


def _hosts(text: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in text.split(","))
    if not all(_HOST.fullmatch(name) for name in names):
        raise ValueError
    return names


URL_PREFIX = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")
"""A path that the server may lie under: no ``//``, which a browser takes for another host, and no ``..``."""


def _prefix(text: str) -> str:
    if not URL_PREFIX.fullmatch(text.rstrip("/")):
        raise ValueError
    return text.rstrip("/")


def _yes(text: str) -> bool:
    return {"yes": True, "no": False}[text]


def _one_of(*choices: str) -> Callable[[str], str]:
    def choose(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return choose


_SERVER: dict[str, tuple[str, Callable[[str], Any], str]] = {
    "JTBD_TRUSTED_PROXIES": ("proxies", _proxies, "give the number of proxies before the server: 0 to 10"),
    "JTBD_ALLOWED_HOSTS": ("hosts", _hosts, "give names without ports, with commas between: surveys.example.org"),
    "JTBD_URL_PREFIX": ("url_prefix", _prefix, "give the path the server lies under, such as /surveys"),
    "JTBD_HTTPS": ("https", _yes, "give yes or no"),
    "JTBD_START_LIMIT": ("start_limit", _rate, "give a rate such as 600/minute, or off"),
    "JTBD_RESUME_LIMIT": ("resume_limit", _rate, "give a rate such as 60/minute, or off"),
    "JTBD_LOGIN_LIMIT": ("login_limit", _rate, "give a rate such as 60/hour, or off"),
    "JTBD_LOG": ("log", _one_of("requests", "errors"), "give requests or errors"),
    "JTBD_METRICS": ("metrics", _one_of("off", "loopback", "all"), "give off, loopback or all"),
}
"""Variable to field of :class:`Settings`, how its text is read, and what to give where it cannot be."""

SETTINGS = ("JTBD_WORKSPACE", "JTBD_DATABASE_URL", *_SERVER)
"""Every variable of the environment that means something here."""


@dataclass(frozen=True)
class Settings:
    """Where a workspace is, which database it uses, and how its server meets the world.

    Parameters
    ----------
    workspace : Path
        Folder with ``maps/``, ``surveys/``, ``jtbd.db`` and ``secret.key``; none of them need exist.
    database_url : str
        SQLAlchemy address; SQLite inside the workspace unless ``JTBD_DATABASE_URL`` says otherwise.
    proxies : int
        How many proxies stand before the server, each adding to ``X-Forwarded-…``; 0 believes no such header.
    hosts : tuple of str
        Names the server answers to, ``.example.org`` for all below it; empty for any.
    url_prefix : str
        Path the server lies under, as in ``/surveys``; empty for none.
    https : bool
        Whether every visitor comes through TLS, whatever the request looks like here.
    start_limit, resume_limit, login_limit : Rate
        How often an address may begin a response, try a code nobody has, and try to log in.
    log : {"requests", "errors"}
        What the server writes on stderr.
    metrics : {"off", "loopback", "all"}
        Who may read ``/metrics``.
    """

    workspace: Path
    database_url: str
    proxies: int = 0
    hosts: tuple[str, ...] = ()
    url_prefix: str = ""
    https: bool = False
    start_limit: Rate = field(default=Rate(600, 60))
    resume_limit: Rate = field(default=Rate(60, 60))
    login_limit: Rate = field(default=Rate(60, 3600))
    log: Literal["requests", "errors"] = "requests"
    metrics: Literal["off", "loopback", "all"] = "off"

    @classmethod
    def read(cls, workspace: str | Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
        """Settings from the argument, else ``JTBD_WORKSPACE``, else the current folder.

        Raises
        ------
        InputError
            With every variable that cannot be read, and every one that looks like a mistyped setting.
        """
        folder = Path(workspace or environ.get("JTBD_WORKSPACE") or ".").resolve()
        found: dict[str, Any] = {}
        issues = [mistyped for name in environ if (mistyped := _mistyped(name))]
        for name, (key, parse, remedy) in _SERVER.items():
            if text := environ.get(name, "").strip():
                try:
                    found[key] = parse(text)
                except (ValueError, KeyError, AttributeError):
                    issues.append(issue("bad-setting", f"“{text}” cannot be read", remedy, file=name))
        if issues:
            raise InputError(issues)
        return cls(folder, environ.get("JTBD_DATABASE_URL") or f"sqlite:///{folder / 'jtbd.db'}", **found)

    def environment(self) -> dict[str, str]:
        """The variables from which a process of the server reads these settings again."""
        found = {"JTBD_WORKSPACE": str(self.workspace), "JTBD_DATABASE_URL": self.database_url}
        for name, (key, _, _) in _SERVER.items():
            value = getattr(self, key)
            if isinstance(value, bool):
                value = "yes" if value else "no"
            found[name] = ",".join(value) if isinstance(value, tuple) else str(value)
        return found

    @property
    def database_file(self) -> Path | None:
        """The file of a SQLite database; ``None`` where it is in memory, or of another kind."""
        name = self.database_url.removeprefix("sqlite:///")
        return None if name in (self.database_url, "", ":memory:") else Path(name)

    @property
    def has_database(self) -> bool:
        """Whether there can be surveys: a file that exists, or a database of another kind."""
        return self.database_file is None or self.database_file.exists()

    @property
    def is_demo(self) -> bool:
        """Whether every response here is simulated, those of visitors who try the survey included."""
        return (self.workspace / DEMO_MARK).is_file()

    def folders(self, kind: str) -> Iterator[Path]:
        """Folders of ``maps`` or ``surveys`` in the order in which names are looked up."""
        if (self.workspace / kind).is_dir():
            yield self.workspace / kind
        yield shipped(kind)

    def find(self, kind: str, name: str) -> Path | None:
        """The file a NAME or path stands for: a path as given, else the workspace, else shipped."""
        if name.endswith((".yaml", ".yml")) or "/" in name:
            return Path(name) if Path(name).is_file() else None
        for folder in self.folders(kind):
            if (folder / f"{name}.yaml").is_file():
                return folder / f"{name}.yaml"
        return None

    def secret_key(self) -> bytes:
        """The key that signs cookies: made on first use, readable by the owner alone."""
        path = self.workspace / "secret.key"
        if not path.exists() or not path.stat().st_size:
            self._make_key(path)
        return path.read_bytes()

    def _make_key(self, path: Path) -> None:
        """Make the key whole or not at all; of several processes that do so at once, one wins."""
        descriptor, partial = tempfile.mkstemp(dir=self.workspace, prefix="secret.key.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode())
        try:
            if path.exists() and not path.stat().st_size:  # left by a crash
                path.unlink()
            os.link(partial, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(partial)


def _mistyped(name: str) -> Issue | None:
    """What is wrong with a variable that is nearly a setting; other names may belong to somebody else."""
    near = get_close_matches(name, SETTINGS, 1, cutoff=0.85)
    if not near or name in SETTINGS:
        return None
    return issue("unknown-setting", "there is no such setting", f"did you mean {near[0]}?", file=name)
