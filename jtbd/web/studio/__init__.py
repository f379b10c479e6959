"""Pages for strategists and planners."""
