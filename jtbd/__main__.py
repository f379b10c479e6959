"""``python -m jtbd``."""

from jtbd.cli.main import main

main()
