"""``PublishedPipeline.endpoint``: an address of this machine at which this process submits published pipelines."""

import json
import os
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from runledger.azureml_v1.data_reference import DataPath
from runledger.azureml_v1.dataset import get_by_id
from runledger.azureml_v1.datastore import Datastore
from runledger.azureml_v1.exceptions import AzureMLException, UserErrorException

_KEYS = (
    "ExperimentName",
    "ParameterAssignments",
    "DataPathAssignments",
    "DataSetDefinitionValueAssignments",
    "RunSource",
    "Tags",
)
_servers = {}
"""The one of each process, by its id: a fork has none."""
_LONGEST_REQUEST = 10 * 2**20


def address_of(published):
    """The address of a ``PublishedPipeline``, for as long as this process lives.

    It takes what Azure ML took: a ``POST`` with ``{"ExperimentName": ..., "ParameterAssignments": {...}}``, answered by
    ``{"Id": <run id>}``. It is bound to the loopback interface, and holds a secret, as others may use this machine too.
    """
    server = _servers.get(os.getpid())
    if server is None:
        server = _servers[os.getpid()] = _Server()
    return server.address_of(published)


class _Server:
    def __init__(self):
        self._published = {}
        self._secret = secrets.token_urlsafe(24)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802 (http.server's name)
                status, answer = outer.answer(self)
                body = json.dumps(answer).encode("utf-8")
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                """Nothing: the output belongs to the script."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, name="runledger-pipelines", daemon=True).start()

    def address_of(self, published):
        path = "/{}/pipelines/{}".format(self._secret, published.id)
        self._published[path] = published
        return "http://127.0.0.1:{}{}".format(self._http.server_port, path)

    def answer(self, handler):
        """``(HTTP status, {json})``."""
        published = self._published.get(handler.path)
        if published is None:
            return 404, _error("NotFound", "There is no published pipeline at this address.")
        try:
            run = _submitted(published, _request(handler))
        except AzureMLException as error:
            return 400, _error("UserError", str(error))
        return 200, {"Id": run.id, "Status": {"StatusCode": run.get_status()}}


def _error(code, message):
    return {"error": {"code": code, "message": message}}


def _request(handler):
    try:
        length = int(handler.headers.get("Content-Length") or 0)
        if length > _LONGEST_REQUEST:
            raise ValueError("it is longer than 10 MB")
        request = json.loads(handler.rfile.read(length).decode("utf-8"))
    except ValueError as error:
        raise UserErrorException("The request is no JSON: {}.".format(error)) from None
    if not isinstance(request, dict) or not isinstance(request.get("ExperimentName"), str):
        raise UserErrorException('The request must be an object with "ExperimentName".')
    unknown = [name for name in request if name not in _KEYS]
    if unknown:
        raise UserErrorException(
            "{} of the request is not available; it may have {}.".format(", ".join(unknown), ", ".join(_KEYS))
        )
    return request


def _submitted(published, request):
    workspace = published._workspace
    values = dict(_object(request, "ParameterAssignments"))
    for name, place in _object(request, "DataPathAssignments").items():
        if not isinstance(place, dict) or "DataStoreName" not in place:
            raise UserErrorException('DataPathAssignments: {} needs "DataStoreName" and "RelativePath".'.format(name))
        values[name] = DataPath(Datastore(workspace, place["DataStoreName"]), place.get("RelativePath") or "")
    for name, value in _object(request, "DataSetDefinitionValueAssignments").items():
        reference = value.get("SavedDataSetReference") if isinstance(value, dict) else None
        if not isinstance(reference, dict) or "Id" not in reference:
            raise UserErrorException(
                'DataSetDefinitionValueAssignments: {} needs {{"SavedDataSetReference": {{"Id": ...}}}}.'.format(name)
            )
        values[name] = get_by_id(workspace, reference["Id"])
    from runledger.azureml_v1.experiment import Experiment

    experiment = Experiment(workspace, request["ExperimentName"])
    return experiment.submit(published, pipeline_parameters=values, tags=_object(request, "Tags"))


def _object(request, name):
    value = request.get(name) or {}
    if not isinstance(value, dict):
        raise UserErrorException("{} of the request must be an object.".format(name))
    return value
