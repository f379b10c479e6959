"""The map linter on labelled statements."""

from __future__ import annotations

from tests.jobmap.labelled import precision_and_recall


def main() -> None:
    print("\nmap linter on labelled statements; aim .90 each")
    for part, what in (("dev", "used to change rules"), ("held", "never used to change rules")):
        for form, called in (("", "both forms"), ("outcome", "long forms"), ("ability", "short forms")):
            precision, recall, count = precision_and_recall(part, form)
            print(f"{count:>5} {called}, {what:<28} precision {precision:.3f}  recall {recall:.3f}")
