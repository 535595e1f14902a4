"""Kit: a visitor is whom the platform's signature says, of this store, and only for its time."""

from __future__ import annotations

import dataclasses

import pytest

from plugin.contract import Capability, Merchant, Proof, Store, StoreAdapter, Visitor, WebhookRejected
from plugin.testing.kit import OTHER_SECRET, KitBase, closed_network, make_other_store, needs, with_secrets

JUNK = ["", " ", ".", "..", "kit", "a.b.c", "\0", "\u00e9", "\ud800", "=" * 100, "A" * 100_000, "{}", "[" * 50_000,
        "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA"]


class ProofTests(KitBase):
    """Asks nothing of adapters that do not claim PROOFS; the others override the two hooks."""

    def make_proof(self, adapter: StoreAdapter, store: Store) -> str:
        """Hook: a proof the platform would give for this store now, by the adapter's clock."""
        raise NotImplementedError("Override the hook `make_proof`.")

    def make_expired_proof(self, adapter: StoreAdapter, store: Store) -> str:
        """Hook: a proof for this store whose time was over a moment ago."""
        raise NotImplementedError("Override the hook `make_expired_proof`.")

    @needs(Capability.PROOFS)
    def test_a_genuine_proof_names_somebody(self, adapter: StoreAdapter, store: Store) -> None:
        with closed_network():
            proof = adapter.read_proof(self.make_proof(adapter, store))
            somebody = adapter.verify_proof(proof, store)
        assert isinstance(proof, Proof) and isinstance(somebody, (Visitor, Merchant))
        if isinstance(somebody, Visitor):
            assert somebody.order_external_id or somebody.customer_id, "The visitor is nobody."
        else:
            assert somebody.external_id, "The merchant is nobody."

    @needs(Capability.PROOFS)
    def test_a_forged_proof_is_rejected(self, adapter: StoreAdapter, store: Store) -> None:
        token = self.make_proof(adapter, store)
        for place in range(len(token)):
            # The last letter before a dot or the end may hold bits that nobody reads.
            if not token[place].isalnum() or not token[place + 1: place + 2].isalnum():
                continue
            letter = "1" if token[place] == "0" else "0"
            forged = token[:place] + letter + token[place + 1:]
            assert not is_believed(adapter, forged, store), f"A proof was believed with letter {place} changed."
        assert not is_believed(adapter, token[: len(token) // 2], store), "Half a proof was believed."
        assert not is_believed(adapter, f"{token}0", store), "A proof was believed with a letter more."

    @needs(Capability.PROOFS)
    def test_an_expired_proof_is_rejected(self, adapter: StoreAdapter, store: Store) -> None:
        assert not is_believed(adapter, self.make_expired_proof(adapter, store), store)

    @needs(Capability.PROOFS)
    def test_a_proof_of_another_store_is_rejected(self, adapter: StoreAdapter, store: Store) -> None:
        """Also when both stores have the same secret, as under a secret of the app."""
        other = make_other_store(store)
        same_secret = make_other_store(store, store.webhook_secret)
        for stranger in (other, same_secret):
            token = self.make_proof(adapter, stranger)
            assert not is_believed(adapter, token, store), "A proof of another store was believed."
            claim = dataclasses.replace(adapter.read_proof(token), claimed_store=store.public_id)
            with pytest.raises(WebhookRejected):
                adapter.verify_proof(claim, store)

    @needs(Capability.PROOFS)
    def test_another_secret_or_none_proves_nothing(self, adapter: StoreAdapter, store: Store) -> None:
        token = self.make_proof(adapter, store)
        for secret in (OTHER_SECRET, ""):
            changed = dataclasses.replace(store, webhook_secret=secret)
            assert not is_believed(with_secrets(adapter, secret), token, changed), f"The secret {secret!r} did as well."

    @needs(Capability.PROOFS)
    @pytest.mark.parametrize("token", JUNK, ids=[f"{token[:20]!r}" for token in JUNK])
    def test_what_is_no_proof_is_rejected(self, adapter: StoreAdapter, store: Store, token: str) -> None:
        with pytest.raises(WebhookRejected):
            adapter.verify_proof(adapter.read_proof(token), store)
        with pytest.raises(WebhookRejected):
            adapter.verify_proof(Proof(token=token, claimed_store=store.public_id), store)


def is_believed(adapter: StoreAdapter, token: str, store: Store) -> bool:
    try:
        adapter.verify_proof(adapter.read_proof(token), store)
    except WebhookRejected:
        return False
    return True
