"""No tracing: what people ask stays in this process, whatever its environment says."""

import os

import langsmith

from rag.models.ambient import forbid_tracing


def switch_off() -> None:
    """Turn off the tracing that environment variables would turn on, for this whole process.

    LangSmith reads the variables once and keeps what it read, hence its own switch as well. A
    tracer that somebody hands to a chain as a callback is their choice, and goes on working.
    """
    forbid_tracing(os.environ)
    langsmith.configure(enabled=False)
