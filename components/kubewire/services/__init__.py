"""The four Service types, one file each."""
