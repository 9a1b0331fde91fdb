"""Tracks to exposure rows, rows to weeks and shoes: pure functions."""
