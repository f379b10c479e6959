"""Job maps: YAML text becomes a :class:`~jtbd.jobmap.model.JobMap`, or issues with line and column."""
