"""The evaluation suite: questions as data, metrics that read answers, and their figures."""
