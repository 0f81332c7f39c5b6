"""Hosted zones and their records: one file each, one function a rule."""
