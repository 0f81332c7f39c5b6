"""The server's one application: strict services here, everything else in moto's own server behind."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Final

from moto.core.request import Request
from moto.moto_server.werkzeug_app import BackendRequest, DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Response

from kubewire.local.aws import control, engine, lookups, pipeline, rules, wire
from kubewire.local.aws.call import Call
from kubewire.local.aws.emulator import Emulator
from kubewire.local.aws.refusal import Refusal

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

_FORM: Final = "application/x-www-form-urlencoded"
_ROUTE53: Final = "/2013-04-01/"
_RESET: Final = "/moto-api/reset"

_log = logging.getLogger(__name__)


class Application:
    """An AWS as strict as AWS, over WSGI."""

    def __init__(self) -> None:
        rules.load()
        lookups.quicken()
        self.emulator = Emulator()
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "")
        if path.startswith(control.PREFIX):
            return control.answered(self.emulator, Request(environ))(environ, start_response)
        if path == _RESET:
            with self.emulator.lock:
                self.emulator.forget()
        elif self.emulator.settings.strict and (
            path.startswith(_ROUTE53)
            or environ.get("CONTENT_TYPE", "").startswith(_FORM)
            or environ.get("HTTP_X_AMZ_TARGET", "").partition(".")[0] in wire.TARGETS
            or "Action=" in environ.get("QUERY_STRING", "")
        ):
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            request = BackendRequest(environ)
            service = wire.service_of(request)
            if service is not None:
                return self._answered(service, request)(environ, start_response)
            environ["wsgi.input"] = BytesIO(body)
        moto: Iterable[bytes] = self._moto(environ, start_response)
        return moto

    def _answered(self, service: str, request: Request) -> Response:
        with self.emulator.lock:
            self.emulator.schedule.settle()
            try:
                call = self._call(service, request)
                if call.changes:
                    self.emulator.changes[f"{service}:{call.operation}"] += 1
                return wire.answered(call.model, pipeline.answer(call))
            except Refusal as refusal:
                return wire.refused(service, refusal)
            except Exception as failure:  # noqa: BLE001 - whatever it is, a client must see an AWS that failed
                _log.exception("%s %s", request.method, request.full_path)
                message = f"An internal error has occurred (in the embedded AWS: {failure!r})"
                return wire.refused(service, Refusal("InternalError", message, status=500))

    def _call(self, service: str, request: Request) -> Call:
        model = wire.operation_of(service, request)
        view = engine.opened(service, request)
        return Call(
            emulator=self.emulator,
            service=service,
            model=model,
            parameters=view.params,
            account=view.current_account,
            region=view.region,
            access_key=wire.access_key_of(request),
            view=view,
        )
