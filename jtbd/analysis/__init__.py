"""From a source (survey, file, folder) and a question to scores: what faces and notebooks call."""

from jtbd.analysis.across import Across, analyse_across
from jtbd.analysis.quality import Quality, open_for, open_quality
from jtbd.analysis.query import Query
from jtbd.analysis.run import Analysis, analyse, comparisons
from jtbd.analysis.source import OutcomeLabel, Source, open_source, source_from_frame, survey_source

__all__ = [
    "Across",
    "Analysis",
    "OutcomeLabel",
    "Quality",
    "Query",
    "Source",
    "analyse",
    "analyse_across",
    "comparisons",
    "open_for",
    "open_quality",
    "open_source",
    "source_from_frame",
    "survey_source",
]
