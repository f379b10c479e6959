"""Texts in other languages: gettext PO files, found, read, checked and kept up with their originals."""
