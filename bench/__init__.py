"""Measurements of the budgets: always ratios taken in one run, never a verdict inside a test."""
