"""The embedded cloud: a real Pulumi engine, a real Kubernetes API server and an AWS emulator on the user's machine.

    home.py, record.py        what is kept on disk, and where
    cloud.py                  the whole: up, down, environment; start here
    parts.py, aws.py, kubernetes.py, certificates.py, kubeconfig.py   what each process is given
    start.py, supervisor.py, process.py, ports.py, readiness.py       how processes are started, found again and awaited
    engine.py, release.py, build.py, tool.py, toolchain.py, cache.py  where the binaries come from
    environment.py, shell.py  what a shell or a subprocess needs to use it
    stack.py, deployments.py, backend.py                              deploy and destroy, across clouds that forget
    commands.py, progress.py, run.py, locks.py                        what the terminal shows, and while it waits

Nothing here is imported by a Pulumi program or by the provider.
"""
