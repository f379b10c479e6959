"""The settings of one workspace, read from the environment once, at the rim."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jtbd.resources import shipped

DEMO_MARK = "demo.json"


@dataclass(frozen=True)
class Settings:
    """Where a workspace is and which database it uses.

    Parameters
    ----------
    workspace : Path
        Folder with ``maps/``, ``surveys/``, ``jtbd.db`` and ``secret.key``; none of them need exist.
    database_url : str
        SQLAlchemy address; SQLite inside the workspace unless ``JTBD_DATABASE_URL`` says otherwise.
    """

    workspace: Path
    database_url: str

    @classmethod
    def read(cls, workspace: str | Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
        """Settings from the argument, else ``JTBD_WORKSPACE``, else the current folder."""
        folder = Path(workspace or environ.get("JTBD_WORKSPACE") or ".").resolve()
        return cls(folder, environ.get("JTBD_DATABASE_URL") or f"sqlite:///{folder / 'jtbd.db'}")

    @property
    def has_database(self) -> bool:
        """Whether there can be surveys: a database elsewhere, or one in the workspace."""
        own = self.workspace / "jtbd.db"
        return self.database_url != f"sqlite:///{own}" or own.exists()

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
