"""The plugin's process: it serves a provider on a loopback port, and ends when its engine does."""

from __future__ import annotations

import logging
import os
import select
import signal
import stat
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from kubewire.provider.engine_log import EngineLog
from kubewire.provider.protocol import Provider
from kubewire.provider.wire import Servicer
from kubewire.uncollected import uncollected

PACKAGE = "kubewire"
LARGEST_MESSAGE = 400 * 1024 * 1024
"""Bytes; as the engine's own limit."""
ENGINE = os.getppid()
PARENT_CHECK_SECONDS = 0.5
THREADS = 512
"""Requests at a time: more than an engine makes (four a core by default), so that its Cancel always finds one free.
Calls to AWS wait, they don't compute, and a thread is made when it's first needed."""


def main() -> None:
    """Run kubewire's own plugin: `pulumi-resource-kubewire ENGINE_ADDRESS`."""
    with uncollected():
        # Another provider's process needs none of it.
        from kubewire.provider.kubewire import KubewireProvider  # noqa: PLC0415 - as said

    serve(KubewireProvider())


def serve(provider: Provider) -> None:
    """Serve a provider until its engine ends it or dies."""
    # gRPC logs a traceback for each request that we end with an error; the engine shows the error itself.
    logging.getLogger("grpc").setLevel(logging.CRITICAL)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    if len(sys.argv) > 1:
        ours = logging.getLogger(PACKAGE)
        ours.addHandler(EngineLog(sys.argv[1]))
        ours.propagate = False
    server = grpc.server(
        ThreadPoolExecutor(max_workers=THREADS),
        options=[
            ("grpc.max_receive_message_length", LARGEST_MESSAGE),
            ("grpc.max_send_message_length", LARGEST_MESSAGE),
        ],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Servicer(provider), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    threading.Thread(target=_end_with, args=(ENGINE,), daemon=True).start()
    # The engine's interrupt is its farewell: it comes when every request is answered. We are in a group of our own, so
    # a user's Ctrl-C reaches the engine alone.
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))
    # The engine reads the port from the first line.
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    server.wait_for_termination()


def _end_with(engine: int) -> None:
    """End the process when its parent is gone: a killed engine says no farewell, and the server would live on.

    The pipe to it tells at once, also of one that was gone before we were; the parent's id where there is no pipe.
    What is under way is dropped; the next run finds by its tags what got made.
    """
    pipe = select.poll()
    if stat.S_ISFIFO(os.fstat(sys.stdout.fileno()).st_mode):
        pipe.register(sys.stdout.fileno(), 0)
    while os.getppid() == engine and not pipe.poll(PARENT_CHECK_SECONDS * 1000):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
