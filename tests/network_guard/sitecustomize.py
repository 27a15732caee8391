"""Python runs this file when it starts, wherever its folder is on PYTHONPATH."""

import cinco_network_guard

cinco_network_guard.install()
