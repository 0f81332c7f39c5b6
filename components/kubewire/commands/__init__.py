"""What `kubewire` can be asked of a network: `prove`, `can`, `exposed`.

source.py, running.py   where the facts come from: a plan, a state, an account, or a preview that is run now
mistakes.py             errors, as users read them
writing.py              what all outputs have in common
prove.py, can.py, exposed.py   the commands
"""
