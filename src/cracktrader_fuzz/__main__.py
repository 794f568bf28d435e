"""`python -m cracktrader_fuzz`."""

from cracktrader_fuzz.cli import main

if __name__ == "__main__":
    main()
