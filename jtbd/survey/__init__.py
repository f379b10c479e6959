"""Surveys: a plan and its job maps become pages; raw form data becomes a checked page of answers."""
