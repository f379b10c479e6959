"""What a map should say and how: rules about wording, likeness and structure."""
