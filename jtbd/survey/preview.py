"""Links that open a survey as a test: signed, so that only the workspace's owner can make them."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeTimedSerializer

VALID_SECONDS = 24 * 3600


def preview_token(key: bytes, slug: str) -> str:
    """A token that previews a survey for 24 hours; ``key`` is the workspace's secret."""
    return _signer(key).dumps(slug)


def read_preview_token(key: bytes, token: str) -> str | None:
    """The survey a token previews; ``None`` if it is forged or too old."""
    try:
        slug: str = _signer(key).loads(token, max_age=VALID_SECONDS)
    except BadSignature:
        return None
    return slug


def _signer(key: bytes) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="preview")
