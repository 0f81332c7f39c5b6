"""Which release of the official plugin is stood in for."""

PACKAGE = "kubernetes"
VERSION = "4.34.2"
