"""What visitors send, read quickly: a page of ratings is fifty numbers, in which nothing is encoded."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Request
from werkzeug.formparser import FormDataParser


class _Parser(FormDataParser):
    """Werkzeug's, which takes a tenth of the time of a page to decode what is not encoded."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Any:
        """The form; what is not plain goes Werkzeug's way."""
        if mimetype != "application/x-www-form-urlencoded":
            return super().parse(stream, mimetype, content_length, options)
        body = stream.read()
        if not body.isascii() or b"%" in body or b"+" in body:
            return super().parse(BytesIO(body), mimetype, content_length, options)
        fields = [field.partition("=")[::2] for field in body.decode().split("&") if field]
        return stream, self.cls(fields), self.cls()


class SentRequest(Request):
    """A request whose form is read so."""

    form_data_parser_class = _Parser
