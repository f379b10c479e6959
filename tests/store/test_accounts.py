from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from jtbd.store import accounts
from jtbd.store.accounts import LoginLink
from jtbd.store.database import Database
from jtbd.store.refusals import (
    AccountExists,
    AccountNameMissing,
    AccountUnknown,
    LoginLinkInvalid,
    PasswordTooShort,
    Refusal,
)
from jtbd.store.schema import account, login_link
from tests.store.samples import LATER, NOW, at_once

GOOD = "correct horse"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hashes are slow by design; these tests are not about that."""
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    accounts._hash_of_nothing.cache_clear()
    yield
    accounts._hash_of_nothing.cache_clear()


def hash_of(db: Database, name: str) -> str:
    with db.read() as connection:
        return connection.execute(select(account.c.password_hash).where(account.c.name == name)).scalar_one()


def test_an_account_gets_in_with_its_password_only(database: Database) -> None:
    assert not accounts.has_accounts(database)
    added = accounts.add_account(database, " Anna ", "strategist", NOW)
    assert accounts.has_accounts(database)
    assert (added.name, added.role, added.disabled, added.created_at) == ("Anna", "strategist", False, NOW)
    for password in ("", GOOD):
        assert accounts.check_password(database, "Anna", password) is None  # none is set yet
    accounts.set_password(database, "anna", GOOD, LATER)
    entered = accounts.check_password(database, "ANNA", GOOD)
    assert entered is not None
    assert (entered.id, entered.password_set_at) == (added.id, LATER)
    for wrong in ("", "correct horsf", GOOD + " ", GOOD.upper()):
        assert accounts.check_password(database, "Anna", wrong) is None
    assert accounts.check_password(database, "nobody", GOOD) is None
    assert accounts.check_password(database, "anna\0", GOOD) is None


def test_capitals_do_not_make_another_account(database: Database) -> None:
    accounts.add_account(database, "Zoë Ångström", "admin", NOW)
    with pytest.raises(AccountExists, match="ZOË"):
        accounts.add_account(database, "ZOË ÅNGSTRÖM", "planner", NOW)
    accounts.add_account(database, "anna", "planner", NOW)
    assert [one.name for one in accounts.list_accounts(database)] == ["anna", "Zoë Ångström"]
    found = accounts.find_account(database, "zoë ångström")
    assert found is not None
    assert found.role == "admin"
    assert accounts.find_account(database, "nobody") is None


def test_an_account_needs_a_name(database: Database) -> None:
    with pytest.raises(AccountNameMissing):
        accounts.add_account(database, "  ", "admin", NOW)


def test_a_password_is_found_again_however_its_accents_were_typed(database: Database) -> None:
    accounts.add_account(database, "anna", "admin", NOW)
    accounts.set_password(database, "anna", "cafe\u0301 au lait", NOW)
    assert accounts.check_password(database, "anna", "caf\u00e9 au lait") is not None


def test_a_short_password_is_refused_with_the_minimum(database: Database) -> None:
    accounts.add_account(database, "anna", "admin", NOW)
    with pytest.raises(PasswordTooShort, match="at least 10 characters"):
        accounts.set_password(database, "anna", "123456789", NOW)
    token = accounts.issue_login_link(database, "anna", "reset", NOW, hours=1)
    with pytest.raises(PasswordTooShort):
        accounts.redeem_login_link(database, token, None, "123456789", NOW)
    accounts.set_password(database, "anna", "1234567890", NOW)


def test_a_disabled_account_stays_out_until_it_is_enabled(database: Database) -> None:
    accounts.add_account(database, "anna", "admin", NOW)
    accounts.set_password(database, "anna", GOOD, NOW)
    accounts.set_disabled(database, "Anna", disabled=True)
    assert accounts.check_password(database, "anna", GOOD) is None
    accounts.set_disabled(database, "Anna", disabled=False)
    assert accounts.check_password(database, "anna", GOOD) is not None


def test_an_account_nobody_has_is_unknown(database: Database) -> None:
    for call in (
        lambda: accounts.set_disabled(database, "nobody", disabled=True),
        lambda: accounts.set_password(database, "nobody", GOOD, NOW),
        lambda: accounts.issue_login_link(database, "nobody", "reset", NOW, hours=1),
        lambda: accounts.issue_login_link(database, None, "reset", NOW, hours=1),
    ):
        with pytest.raises(AccountUnknown):
            call()


def test_unknown_names_cost_as_many_hashes_as_known_ones(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts.add_account(database, "anna", "admin", NOW)
    accounts.set_password(database, "anna", GOOD, NOW)
    accounts.add_account(database, "new", "admin", NOW)
    verified: list[str] = []
    real = accounts._is_right
    monkeypatch.setattr(accounts, "_is_right", lambda stored, given: verified.append(stored) or real(stored, given))
    for name in ("anna", "new", "nobody"):
        verified.clear()
        assert accounts.check_password(database, name, "wrong password") is None
        assert [stored.startswith("$argon2id$v=19$m=64,t=1,p=1$") for stored in verified] == [True]


def test_a_hash_made_with_older_parameters_is_renewed_at_the_next_login(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.add_account(database, "anna", "admin", NOW)
    accounts.set_password(database, "anna", GOOD, NOW)
    old = hash_of(database, "anna")
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    assert accounts.check_password(database, "anna", "wrong password") is None
    assert hash_of(database, "anna") == old
    assert accounts.check_password(database, "anna", GOOD) is not None
    assert "t=2" in hash_of(database, "anna")
    assert accounts.check_password(database, "anna", GOOD) is not None


def test_the_first_admin_comes_in_by_a_link_and_chooses_a_name(database: Database) -> None:
    token = accounts.issue_login_link(database, None, "create_admin", NOW, hours=24)
    expected = LoginLink("create_admin", None, NOW + timedelta(hours=24))
    assert accounts.peek_login_link(database, token, LATER) == expected
    assert accounts.peek_login_link(database, token, LATER) == expected  # looking does not use it up
    admin = accounts.redeem_login_link(database, token, "Anna", GOOD, LATER)
    assert (admin.name, admin.role) == ("Anna", "admin")
    assert accounts.check_password(database, "anna", GOOD) == admin
    with database.read() as connection:
        assert token not in connection.execute(select(login_link.c.token_hash)).scalars().all()


def test_a_link_works_once(database: Database) -> None:
    token = accounts.issue_login_link(database, None, "create_admin", NOW, hours=1)

    def redeem(number: int) -> bool:
        try:
            accounts.redeem_login_link(database, token, f"anna-{number}", GOOD, NOW)
        except LoginLinkInvalid:
            return False
        return True

    assert sum(at_once([lambda number=number: redeem(number) for number in range(8)])) == 1
    assert len(accounts.list_accounts(database)) == 1
    assert accounts.peek_login_link(database, token, NOW) is None


def test_a_link_grows_old(database: Database) -> None:
    token = accounts.issue_login_link(database, None, "create_admin", NOW, hours=1)
    too_late = NOW + timedelta(hours=1)
    assert accounts.peek_login_link(database, token, too_late) is None
    with pytest.raises(LoginLinkInvalid):
        accounts.redeem_login_link(database, token, "anna", GOOD, too_late)
    with pytest.raises(LoginLinkInvalid):
        accounts.redeem_login_link(database, token + "x", "anna", GOOD, NOW)


def test_redeeming_one_link_ends_the_others_to_the_same_end(database: Database) -> None:
    first, second = (accounts.issue_login_link(database, None, "create_admin", NOW, hours=1) for _ in range(2))
    accounts.redeem_login_link(database, first, "anna", GOOD, NOW)
    resets = [accounts.issue_login_link(database, "anna", "reset", NOW, hours=1) for _ in range(2)]
    assert accounts.peek_login_link(database, second, NOW) is None
    accounts.redeem_login_link(database, resets[0], None, GOOD + "!", NOW)
    assert accounts.peek_login_link(database, resets[1], NOW) is None


def test_a_reset_link_sets_the_password_of_its_own_account_only(database: Database) -> None:
    for name in ("anna", "berta"):
        accounts.add_account(database, name, "planner", NOW)
        accounts.set_password(database, name, GOOD, NOW)
    token = accounts.issue_login_link(database, "anna", "reset", NOW, hours=1)
    assert accounts.redeem_login_link(database, token, "berta", GOOD + "!", NOW).name == "anna"
    assert accounts.check_password(database, "anna", GOOD + "!") is not None
    assert accounts.check_password(database, "berta", GOOD) is not None


def test_a_refused_redemption_leaves_the_link_valid(database: Database) -> None:
    accounts.add_account(database, "anna", "planner", NOW)
    token = accounts.issue_login_link(database, None, "create_admin", NOW, hours=1)
    for name, refusal in (("Anna", AccountExists), (None, AccountNameMissing), (" ", AccountNameMissing)):
        with pytest.raises(refusal) as caught:
            accounts.redeem_login_link(database, token, name, GOOD, NOW)
        assert isinstance(caught.value, Refusal)
    accounts.redeem_login_link(database, token, "berta", GOOD, NOW)
