"""What a user says of a cluster in a file, because neither AWS nor Terraform knows it.

cluster_file.py   what the file may say
found.py          what a reader found: facts, and what the file's words refer to
clusters.py       start here: facts, with the clusters that the file and the account tell
"""
