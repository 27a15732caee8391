"""What the environment must not decide: no tracing, no proxy, no address of its choosing."""

import os
from collections.abc import MutableMapping

TRACING = (
    "LANGSMITH_TRACING",
    "LANGSMITH_TRACING_V2",
    "LANGCHAIN_TRACING",
    "LANGCHAIN_TRACING_V2",
    "LANGCHAIN_HANDLER",
)
"""Variables by which LangChain sends prompts to a cloud."""

ADDRESSES = (
    "LANGSMITH_GATEWAY",
    "LANGSMITH_GATEWAY_URL",
    "LANGSMITH_ENDPOINT",
    "LANGCHAIN_ENDPOINT",
    "OPENAI_BASE_URL",
    "OPENAI_API_BASE",
    "OPENAI_PROXY",
    "OPENAI_ORG_ID",
    "OPENAI_ORGANIZATION",
    "OPENAI_PROJECT_ID",
    "OPENAI_CUSTOM_HEADERS",
    "OLLAMA_HOST",
    "OLLAMA_API_KEY",
)
"""Variables by which clients choose an address, or whom to bill there: the entry says it all."""


def disarm(environment: MutableMapping[str, str] | None = None) -> None:
    """Take tracing and foreign addresses out of this process's environment.

    Called before the first client is made. The client libraries read these variables by
    themselves, some of them at every request, so that nothing short of this is certain.
    """
    target = os.environ if environment is None else environment
    for name in ADDRESSES:
        target.pop(name, None)
    forbid_tracing(target)


def forbid_tracing(environment: MutableMapping[str, str]) -> None:
    """Set every variable by which LangChain would trace to «no»."""
    environment.update(dict.fromkeys(TRACING, "false"))
