"""The custom resources, one a file: inputs, state and verbs. A new one is a new file and a line in `catalogue`."""
