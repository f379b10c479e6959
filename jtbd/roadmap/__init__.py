"""Roadmaps for vendors and buyers, decided by tested differences."""
