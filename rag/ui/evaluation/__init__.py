"""The page on which the evaluation suite is run and its runs are looked at."""
