"""Carries jobs to providers: durable acceptance, dispatch, settling."""
