"""A disk that is full under load: pages come back with their answers until there is room again."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from jtbd.store.database import Database
from tests.serving.kept import see_that_all_is_there
from tests.serving.processes import Serving, prepared, serving
from tests.serving.respondents import KEPT, crowd_at

MOUNT = ("mount", "-t", "tmpfs", "-o", "size=8m", "jtbd")


class LimitedDisk:
    """A folder in which the server's files may not grow: what anybody may do to their own processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, server: Serving) -> None:
        largest = max(file.stat().st_size for file in self.folder.glob("jtbd.db*"))
        self._limit(server, largest + 4096)

    def free(self, server: Serving) -> None:
        self._limit(server, resource.RLIM_INFINITY)

    def _limit(self, server: Serving, size: int) -> None:
        for process in server.processes():
            resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


class SmallDisk:
    """A disk of its own, which another program's file fills to the last byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, _server: Serving) -> None:
        with self._ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        assert os.statvfs(self.folder).f_bavail == 0

    def free(self, _server: Serving) -> None:
        self._ballast.unlink()


@contextmanager
def disks_in(folder: Path) -> Iterator[list[LimitedDisk | SmallDisk]]:
    """What can be full here: for root also a disk that is really small."""
    if os.geteuid() != 0 or subprocess.run([*MOUNT, folder], check=False).returncode != 0:
        yield [LimitedDisk(folder)]  # others, and root of a container, may not mount
        return
    try:
        yield [LimitedDisk(folder), SmallDisk(folder)]
    finally:
        subprocess.run(["umount", folder], check=True)


def test_what_was_acknowledged_outlives_a_full_disk(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    with disks_in(folder) as disks:
        settings = prepared(folder)
        with serving(settings, log=tmp_path / "server.log") as server, crowd_at(server.port) as crowd:
            for disk in disks:
                crowd.wait_for(30)
                disk.fill(server)
                crowd.wait_for(6, lambda: crowd.seen(KEPT))
                disk.free(server)
            crowd.wait_for(30)
        database = Database(settings.database_url)
        see_that_all_is_there(database, crowd)
        database.dispose()
