"""Signing in and out, and the one-time links that create the administrator or set a password."""

from __future__ import annotations

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from jtbd.store.accounts import MINIMUM_LENGTH, LoginLink, check_password, peek_login_link, redeem_login_link
from jtbd.store.refusals import AccountExists, AccountNameMissing, LoginLinkInvalid, PasswordTooShort
from jtbd.web.forms import ProtectedForm
from jtbd.web.limits import count_login
from jtbd.web.services import services
from jtbd.web.studio.blueprint import blueprint
from jtbd.web.studio.session import local_path, sign_in, sign_out

WRONG = "The name or the password is not right."
STALE = "This page was open for too long. Please try again."

_MOST = 1000


class LoginForm(ProtectedForm):
    """Name and password."""

    name = StringField("Name", [InputRequired("Enter your name."), Length(max=_MOST)])
    password = PasswordField("Password", [InputRequired("Enter your password."), Length(max=_MOST)])


class PasswordForm(ProtectedForm):
    """A new password."""

    password = PasswordField("New password", [InputRequired("Choose a password."), Length(max=_MOST)])


class AdministratorForm(PasswordForm):
    """The first administrator's name and password."""

    name = StringField("Name", [InputRequired("Choose a name."), Length(max=_MOST)])
    password = PasswordField("Password", [InputRequired("Choose a password."), Length(max=_MOST)])


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> str | Response | tuple[str, int]:
    """Ask for name and password."""
    wanted = local_path(request.args.get("next"))
    if request.method == "GET":
        if g.account:
            return redirect(_onward(wanted), 303)
        return _login_page(LoginForm(), wanted, [])
    form = LoginForm(request.form)
    if not form.validate():
        return _login_page(form, wanted, _complaints(form)), 400
    count_login(form.name.data or "")
    account = check_password(services().database, form.name.data or "", form.password.data or "")
    if account is None:
        return _login_page(form, wanted, [WRONG]), 400
    sign_in(account)
    return redirect(_onward(wanted), 303)


def _onward(wanted: str | None) -> str:
    return request.script_root + wanted if wanted else url_for("studio.surveys")


def _login_page(form: LoginForm, wanted: str | None, complaints: list[str]) -> str:
    return render_template("studio/login.html", form=form, wanted=wanted, complaints=complaints)


@blueprint.post("/logout")
def logout() -> Response:
    """End the session."""
    if not ProtectedForm(request.form).validate():
        abort(400)
    sign_out()
    return redirect(url_for("studio.login"), 303)


@blueprint.route("/link/<token>", methods=["GET", "POST"])
def link(token: str) -> str | Response | tuple[str, int]:
    """What a one-time link is for: looking does not use it up, setting the password does."""
    now = services().clock()
    found = peek_login_link(services().database, token, now)
    if found is None:
        return _used_link()
    form_class = AdministratorForm if _asks_name(found) else PasswordForm
    if request.method == "GET":
        return _link_page(form_class(), found, [])
    form = form_class(request.form)
    if not form.validate():
        return _link_page(form, found, _complaints(form)), 400
    name = form.name.data if isinstance(form, AdministratorForm) else None
    try:
        account = redeem_login_link(services().database, token, name, form.password.data or "", now)
    except LoginLinkInvalid:
        return _used_link()
    except (PasswordTooShort, AccountExists, AccountNameMissing) as refusal:
        text = str(refusal)
        return _link_page(form, found, [f"{text[0].upper()}{text[1:]}."]), 400
    if account.disabled:
        return redirect(url_for("studio.login"), 303)
    sign_in(account)
    return redirect(url_for("studio.surveys"), 303)


def _asks_name(found: LoginLink) -> bool:
    return found.purpose == "create_admin" and found.name is None


def _link_page(form: PasswordForm, found: LoginLink, complaints: list[str]) -> str:
    return render_template("studio/link.html", form=form, found=found, complaints=complaints, minimum=MINIMUM_LENGTH)


def _used_link() -> tuple[str, int]:
    return render_template("studio/used_link.html"), 410


def _complaints(form: ProtectedForm) -> list[str]:
    if "csrf_token" in form.errors:
        return [STALE]
    return [str(error) for errors in form.errors.values() for error in errors]
