"""``python -m kneewatch``."""

from kneewatch.cli import main

if __name__ == "__main__":
    main()
