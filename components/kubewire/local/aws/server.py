"""`python -m kubewire.local.aws.server`: the embedded AWS as a process."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import warnings
from types import FrameType

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from kubewire.local.aws.application import Application


def main() -> None:
    """Serve until it is told to end."""
    parser = argparse.ArgumentParser(prog="kubewire.local.aws.server")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    # moto's word on codes that a service's model doesn't list. AWS answers with such codes, and so do we.
    warnings.filterwarnings("ignore", message=".*does not match an error shape")
    make_server(
        options.host, options.port, Application(), threaded=True, request_handler=MotoRequestHandler
    ).serve_forever()


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
