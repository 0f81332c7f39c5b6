"""What a program reads while it plans, one function a file. A new one is a new file and a line in `catalogue`."""
