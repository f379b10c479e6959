"""Jobs-to-be-Done outcome surveys: job maps, surveys, opportunity scores with their uncertainty."""
