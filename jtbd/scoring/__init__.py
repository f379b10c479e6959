"""Scores from a tally: formulas, intervals, rank ranges, comparisons."""
