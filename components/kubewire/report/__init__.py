"""What a reviewer reads of a change: verdict first, then what it makes reachable, and what it costs.

policy.py, policy_file.py   which new exposures need an explicit allowance
exposures.py    what a change exposes, and what of that nobody allowed
changes.py      which resources change, and which of their fields: never their values
forecast.py     least time and quotas, as the preview told them
review.py       the whole, as the JSON report has it
build.py        start here: `review`
markdown.py, html.py, sarif.py, junit.py, text.py   the same, for a pull request, a browser, machines, a terminal
network_map.py, drawing.py   the map of the network in the HTML report

No value of a plan's inputs is repeated anywhere but addresses, ports and names, which the proof is about; secrets are
unknown to it.
"""
