import pytest

from tests.fakes import fake_space


@pytest.fixture
def encoders(cache):
    """Encoders that tell colours, and a cache of this test alone."""
    return fake_space().encoders
