"""Tables, sentences and charts: what people take away."""
