"""The web face: respondents, studio, health."""
