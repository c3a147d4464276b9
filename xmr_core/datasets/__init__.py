"""Test data: standard benchmarks, and pairs of your own."""
