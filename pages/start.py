"""What the server runs on every visit and every click. All else is imported once: see ``shell.py``."""

from pages import shell

shell.main()
