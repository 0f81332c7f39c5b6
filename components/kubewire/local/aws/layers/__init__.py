"""What AWS does with every call, whatever it asks for: one layer a file, each around all that come after it."""
