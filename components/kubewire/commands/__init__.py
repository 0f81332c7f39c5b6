"""What `kubewire` can be asked of a network: `prove`, `can`, `exposed`.

Each command is a module that says its options, and imports what it does when it runs: `--help` needs none of that.

source.py               the options that say where facts come from: a plan, a state, an account, or a preview
facts.py, running.py    how they are read, and a preview that is run now
mistakes.py             errors, as users read them
form.py, writing.py, terminal.py    what all outputs have in common
prove.py, can.py, exposed.py        the commands
proving.py, replying.py, exposing.py    what they do
"""
