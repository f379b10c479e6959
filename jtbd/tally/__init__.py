"""One mergeable tally: what scores need, whatever the number of respondents."""
