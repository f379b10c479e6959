"""Ratings of respondents, and all that needs single respondents."""
