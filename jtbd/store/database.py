"""One database: its engine, its transactions, and its state of repair."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, exc, make_url

from jtbd.errors import StoreError
from jtbd.store.complaints import BUSY, as_store_errors, name_of
from jtbd.store.counts import Counts
from jtbd.store.lookups import Lookups
from jtbd.store.prepared import Prepared, Row
from jtbd.store.revisions import newest_revision
from jtbd.store.together import Result, Together
from jtbd.survey.model import Survey


class SchemaError(StoreError):
    """The schema is not the one that this version of jtbd works with."""

    def __init__(self, name: str, found: Sequence[str], wanted: str) -> None:
        at = ", ".join(found) or "no revision"
        super().__init__(f"the schema of the database {name} is at {at}, not at {wanted}; run `jtbd db upgrade`")


BUSY_SECONDS = 10
"""How long a writer waits for another before it gives up."""


class Database:
    """A SQLite file or a PostgreSQL database.

    Parameters
    ----------
    url : str
        SQLAlchemy address; ``postgres://`` and ``postgresql://`` mean psycopg 3.

    Attributes
    ----------
    engine : Engine
    driver : module
        The driver, for its exceptions.
    name : str
        What a user calls it: the file, or ``host/database``; holds no secret.
    plans : dict of int to Survey
        Published revisions read so far, by revision id; they never change.
    outcome_ids : dict of str to int
        Numbers of outcomes read so far; they never change either.
    outcome_keys : dict of int to str
        The outcomes of numbers read so far.
    counts : Counts
        What :mod:`jtbd.store.assignments` counted.

    Raises
    ------
    StoreError
        If the address makes no sense or the driver is missing. Nothing is opened yet.
    """

    def __init__(self, url: str) -> None:
        address = _address(url)
        self.engine = _engine(address)
        self.name = name_of(address)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.driver: Any = self.engine.dialect.loaded_dbapi
        self.plans: dict[int, Survey] = {}
        self.outcome_ids: dict[str, int] = {}
        self.outcome_keys: dict[int, str] = {}
        self.counts = Counts()
        self._was_current = False
        self._reading: Engine = self.engine
        self._writing: Engine = self.engine
        self._lane: Connection | None = None
        self._looking = Lookups(_engine(address, poolclass=NullPool))
        self._together: Together | None = None
        if self.is_sqlite:
            self._writing = self.engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
            # SQLite lets waiting writers poll; queueing them here is fairer and took p99 from 231 to 26 ms
            self._queue = threading.Lock()
            self._together = Together(self._write_again)
        else:
            # several reads of one block see one state, as they do in SQLite
            self._reading = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection whose statements all see the database as it was at the first of them.

        Raises
        ------
        StoreError
        """
        with as_store_errors(self.engine), self._reading.connect() as connection:
            yield connection

    def look_up(self, statement: Prepared, **values: Any) -> list[Row]:
        """The rows of one statement that reads: it sees one state of the database without a transaction.

        Raises
        ------
        StoreError
        """
        with as_store_errors(self.engine):
            return self._looking.look_up(statement, values)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection in one transaction: kept when the block ends, undone when it raises.

        On SQLite the write lock is held from the start, so what was read stays true until the end. Not to be nested.

        Raises
        ------
        StoreError
        """
        with as_store_errors(self.engine), self._turn(), self._writing.begin() as connection:
            yield connection

    def write_together(self, work: Callable[[Connection], Result]) -> Result:
        """Do a work in a transaction of :meth:`write`, on SQLite in one with those of other threads that wait.

        Parameters
        ----------
        work : callable
            It may be undone and done again, so it changes nothing but the database.

        Raises
        ------
        StoreError
        """
        if self._together is not None:
            return self._together.do(work)
        with self.write() as connection:
            return work(connection)

    @contextmanager
    def _write_again(self) -> Iterator[Connection]:
        """As :meth:`write`, on a connection that is kept: to get one and begin takes as long as to write a page."""
        with as_store_errors(self.engine), self._turn():
            if self._lane is None:
                self._lane = self.engine.execution_options(sqlite_begin="").connect()
            lane = self._lane
            driver_connection: Any = lane.connection.driver_connection
            try:
                driver_connection.execute("BEGIN IMMEDIATE")
                yield lane
                driver_connection.commit()
                lane.commit()  # for its own books: there is nothing left to commit
            except BaseException:
                driver_connection.rollback()
                self._drop_lane()
                raise

    def _drop_lane(self) -> None:
        lane, self._lane = self._lane, None
        if lane is not None:
            lane.close()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One writer at a time inside this process, on SQLite."""
        if not self.is_sqlite:
            yield
            return
        if not self._queue.acquire(timeout=BUSY_SECONDS):
            raise StoreError(BUSY.format(name=self.name))
        try:
            yield
        finally:
            self._queue.release()

    def upgrade(self) -> None:
        """Create the tables, or bring those of an older version up to date; safe to run twice at once.

        Raises
        ------
        StoreError
            If the database cannot be reached, or was written by a newer version of jtbd.
        """
        from jtbd.store import migrate  # Alembic takes .3 s to import and no respondent needs it

        with as_store_errors(self.engine), self._turn() if self.is_sqlite else nullcontext():
            migrate.upgrade(self.engine, self.name)

    def see_that_there(self) -> None:
        """See that the database answers and was, when first asked, at the newest schema.

        A newer version of jtbd may bring it up to date later, while this one still serves.

        Raises
        ------
        StoreError
        SchemaError
        """
        with self.read() as connection:
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
        if not self._was_current and found != [newest_revision()]:
            raise SchemaError(self.name, found, newest_revision())
        self._was_current = True

    def check(self) -> list[str]:
        """What is wrong with the database, a sentence each; empty when all is well."""
        from jtbd.store import migrate  # as above

        file = self.engine.url.database
        if self.is_sqlite and file and file != ":memory:" and not Path(file).exists():
            return [f"there is no database {self.name}; make one with `jtbd db upgrade`"]  # opening would create it
        try:
            with self.read() as connection:
                return migrate.problems(connection, self.name)
        except StoreError as error:
            return [str(error)]

    def scrub(self) -> bool:
        """Leave no copy of what was erased in SQLite's files.

        A page of the file keeps stale copies of rows that once moved to another, whatever ``secure_delete`` does, and
        the write-ahead log keeps everything until others write over it. So the file is written anew and the log
        emptied. Writers wait meanwhile: a third of a second of processor time for a million ratings.

        Returns
        -------
        bool
            Whether that was done; not while another process reads or writes for long, nor on a full disk.
        """
        if not self.is_sqlite:
            return True
        try:
            with as_store_errors(self.engine), self._turn(), self.engine.connect() as connection:
                driver_connection: Any = connection.connection.driver_connection  # by which no transaction is begun
                driver_connection.execute("VACUUM")
                (is_busy, *_) = driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except StoreError:
            return False
        return not is_busy

    def dispose(self) -> None:
        """Close every connection that is not in use."""
        self._looking.close()
        self._drop_lane()
        self.engine.dispose()


_FILE = "sqlite:///"


def _address(text: str) -> URL:
    if text.startswith(_FILE):  # the rest is a path to the letter, whatever signs are in it
        return URL.create("sqlite", database=text.removeprefix(_FILE) or None)
    try:
        url = make_url(text)
    except (exc.ArgumentError, ValueError):  # their text may quote the address, password included
        raise StoreError(
            "the address of the database (JTBD_DATABASE_URL) cannot be understood; it looks like "
            "sqlite:////folder/jtbd.db or postgresql://user:password@host/database"
        ) from None
    if url.get_backend_name() in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        raise StoreError(f"jtbd keeps data in SQLite or PostgreSQL, not in {url.get_backend_name()}")
    return url


def _engine(url: URL, **options: Any) -> Engine:
    # parameters are people's answers and password hashes: they stay out of every message and log
    shared: dict[str, Any] = {"hide_parameters": True} | options
    try:
        if url.get_backend_name() != "sqlite":
            waiting = {} if "connect_timeout" in url.query else {"connect_timeout": BUSY_SECONDS}
            return create_engine(url, pool_pre_ping=True, connect_args=waiting, **shared)
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **shared)
    except ImportError:
        raise StoreError("PostgreSQL needs a driver that is missing; run `pip install 'jtbd[postgres]'`") from None
    except exc.ArgumentError:
        raise StoreError("the address of a SQLite database looks like sqlite:////folder/jtbd.db") from None
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(driver_connection: Any, _record: object) -> None:
    # The driver's own transactions begin only at the first write, after reads that may be out of date by then.
    # So it is told to begin none, and _begin_sqlite says BEGIN. WAL is a property of the file: upgrade() sets it.
    driver_connection.isolation_level = None
    driver_connection.execute("PRAGMA synchronous=FULL")
    driver_connection.execute("PRAGMA foreign_keys=ON")
    # what is erased or replaced is overwritten in the file; many builds of SQLite do not do so by themselves
    driver_connection.execute("PRAGMA secure_delete=ON")


def _begin_sqlite(connection: Connection) -> None:
    begin = connection.get_execution_options().get("sqlite_begin", "BEGIN")
    if begin:
        driver_connection: Any = connection.connection.driver_connection
        driver_connection.execute(begin)
