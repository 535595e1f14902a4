"""What tests need and adapter authors get: the conformance kit, twins of the outside world, recorded traffic.

Shipped with the app. Start with `AdapterContract` in `plugin.testing.adapter_contract`.
"""

import sys

KIT_MODULES = (
    "adapter_contract", "delivery_tests", "event_checks", "event_tests", "fact_tests", "kit", "platform_calls",
    "platform_tests", "proof_tests",
)

# pytest rewrites asserts only in modules that it is told of before they are imported; without this a red
# kit test would say "AssertionError" and nothing else. When pytest is not running there is nothing to do.
if "pytest" in sys.modules:
    sys.modules["pytest"].register_assert_rewrite(*(f"{__name__}.{module}" for module in KIT_MODULES))
