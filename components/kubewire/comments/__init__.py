"""One comment on a pull request for each environment: the report of its preview, posted once and updated after that.

body.py     what the comment says, and the mark by which it is found again
forge.py    what a forge's API must offer, and the one caller of it
github.py   GitHub, from a workflow's variables
gitlab.py   GitLab, from a pipeline's variables
post.py     start here: find it, change it, or make it
"""
