"""The conformance kit: subclass it in your tests, and it says what your adapter still lacks.

    class TestLemonade(AdapterContract):
        @pytest.fixture
        def adapter(self) -> LemonadeAdapter:
            return LemonadeAdapter({"API_KEY": "test-key"}, RecordingHttp(), FrozenClock())

        @pytest.fixture
        def store(self) -> Store:
            return make_store("lemonade", credentials={"token": "test-token"})

        @pytest.fixture
        def deliveries(self) -> list[Recorded]:
            return load_recorded(Path(__file__).parent / "data")

Without the capability WEBHOOKS no deliveries are asked for. Where a platform signs or writes in a way of its
own, override the hooks (`sign`, `handshakes`, `with_unknown_status`, `with_unknown_fields`, `make_proof`,
`make_expired_proof`) and the class values (`order_id`, `order_number`).
"""

from __future__ import annotations

from plugin.testing.clock import FrozenClock
from plugin.testing.delivery_tests import DeliveryTests
from plugin.testing.event_tests import EventTests
from plugin.testing.fact_tests import FactTests
from plugin.testing.fakes import RecordingHttp, make_answer, make_store
from plugin.testing.kit import Recorded, load_recorded
from plugin.testing.platform_tests import PlatformTests
from plugin.testing.proof_tests import ProofTests

__all__ = ["AdapterContract", "FrozenClock", "Recorded", "RecordingHttp", "load_recorded", "make_answer", "make_store"]


# pytest collects the last base first: facts, then deliveries, what they mean, the platform, proofs.
class AdapterContract(ProofTests, PlatformTests, EventTests, DeliveryTests, FactTests):
    """Every promise of `plugin.contract.StoreAdapter` as tests over the fixtures `adapter`, `store`, `deliveries`."""
