"""The only room that issues SQL."""
