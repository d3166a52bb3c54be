"""Proves a plan: pure functions from plan and catalog to findings."""
