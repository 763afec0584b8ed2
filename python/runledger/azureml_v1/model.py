"""``azureml.core.Model``: models registered in a workspace, with versions."""

import datetime
import os

from runledger.azureml_v1.exceptions import (
    ModelNotFoundException,
    ModelPathNotFoundException,
    UserErrorException,
    translated,
)
from runledger.azureml_v1.model_datasets import datasets_of, references
from runledger.azureml_v1.model_lookup import ModelFilter, in_folder, model_store, nearest_workspace
from runledger.azureml_v1.not_available import refuses
from runledger.azureml_v1.unavailable_names import MODEL_METHODS
from runledger.html_table import table
from runledger.links import file_link

DOWNLOAD_FOLDER = "azureml-models"


@refuses("Model", MODEL_METHODS)
class Model:
    """A version of a model: the newest that matches what is given. Its id is ``<name>:<version>``.

    Raises ``ModelNotFoundException``, a ``WebserviceException``, where there is none.
    """

    class Framework:
        """Names of frameworks."""

        CUSTOM = "Custom"
        MULTI = "Multi"
        ONNX = "Onnx"
        PYTORCH = "PyTorch"
        SCIKITLEARN = "ScikitLearn"
        TENSORFLOW = "TensorFlow"

    @translated
    def __init__(
        self,
        workspace,
        name=None,
        id=None,
        tags=None,
        properties=None,
        version=None,
        run_id=None,
        model_framework=None,
        expand=True,
        **kwargs,
    ):
        if id is not None:
            name, version = _parsed_id(id)
        wanted = ModelFilter(name, tags, properties, run_id, model_framework, version)
        found = next(wanted.matching(workspace), None)
        if found is None:
            raise ModelNotFoundException(
                "ModelNotFound: the workspace {} has no model {}.".format(workspace.name, wanted.text())
            )
        self._open(workspace, found)

    def _open(self, workspace, stored):
        self._workspace = workspace
        self._stored = stored

    @classmethod
    def _of_stored(cls, workspace, stored):
        model = cls.__new__(cls)
        model._open(workspace, stored)
        return model

    @classmethod
    @translated
    def register(
        cls,
        workspace,
        model_path,
        model_name,
        tags=None,
        properties=None,
        description=None,
        datasets=None,
        model_framework=None,
        model_framework_version=None,
        child_paths=None,
        sample_input_dataset=None,
        sample_output_dataset=None,
        resource_configuration=None,
        **kwargs,
    ):
        """Copies the file or folder ``model_path`` into the workspace, as the next version of ``model_name``.

        Values of ``tags`` and ``properties`` become text. Raises ``ModelPathNotFoundException`` for a path that is not there,
        and ``UserErrorException``.
        """
        path = os.path.abspath(os.fspath(model_path))
        if not os.path.exists(path):
            raise ModelPathNotFoundException("model_path: there is no file or folder {}.".format(path))
        return cls._register(
            workspace,
            path,
            model_name,
            tags=_texts("tags", tags),
            properties=_texts("properties", properties),
            description=description,
            datasets=references(datasets),
            framework=model_framework,
            frameworkVersion=None if model_framework_version is None else str(model_framework_version),
        )

    @classmethod
    def _register(cls, workspace, source, name, **fields):
        return cls._of_stored(workspace, model_store(workspace).register(name, source, **fields))

    @staticmethod
    @translated
    def list(
        workspace,
        name=None,
        tags=None,
        properties=None,
        run_id=None,
        latest=False,
        dataset_id=None,
        expand=True,
        page_count=255,
        model_framework=None,
    ):
        """The models that match, by name, newest version first. ``tags`` and ``properties`` are names or pairs
        ``[name, value]``, of which all must hold; ``latest`` gives the newest version of each alone.
        """
        wanted = ModelFilter(name, tags, properties, run_id, model_framework, dataset_id=dataset_id)
        found = []
        for stored in wanted.matching(workspace):
            if not latest or not found or found[-1].name.lower() != stored.info["name"].lower():
                found.append(Model._of_stored(workspace, stored))
        return found

    @staticmethod
    @translated
    def get_model_path(model_name, version=None, _workspace=None):
        """The path of a model's file or folder, the newest version by default.

        It is looked for in ``AZUREML_MODEL_DIR``, in the workspace of the run or of the current folder, among what
        ``download`` left in the current folder, and as a path. Raises ``ModelNotFoundException``.
        """
        deployed = os.environ.get("AZUREML_MODEL_DIR")
        if deployed:
            found = in_folder(deployed, model_name, version)
            if found is not None:
                return found
        workspace = _workspace or nearest_workspace()
        if workspace is not None:
            stored = next(ModelFilter(model_name, version=version).matching(workspace), None)
            if stored is not None:
                return stored.content_path()
        found = in_folder(DOWNLOAD_FOLDER, model_name, version)
        if found is None and os.path.exists(model_name):
            found = os.path.abspath(model_name)
        if found is None:
            raise ModelNotFoundException(
                "ModelNotFound: the model {!r} is neither in the workspace nor in {}.".format(
                    model_name, deployed or os.path.abspath(DOWNLOAD_FOLDER)
                )
            )
        return found

    @property
    def name(self):
        return self._stored.info["name"]

    @property
    def version(self):
        """Counts from 1."""
        return self._stored.info["version"]

    @property
    def id(self):
        return "{}:{}".format(self.name, self.version)

    @property
    def tags(self):
        return self._stored.state()[0]

    @property
    def properties(self):
        return self._stored.state()[1]

    @property
    def description(self):
        return self._stored.state()[2]

    @property
    def run_id(self):
        """The run that it was registered from, or ``None``."""
        return self._stored.info.get("runId")

    @property
    @translated
    def run(self):
        """The ``Run`` that it was registered from, or ``None``."""
        return None if self.run_id is None else self._workspace.get_run(self.run_id)

    @property
    def experiment_name(self):
        return self._stored.info.get("experiment")

    @property
    def created_time(self):
        """A ``datetime`` in UTC."""
        return datetime.datetime.fromtimestamp(self._stored.info["createdTime"], datetime.timezone.utc)

    @property
    def created_by(self):
        return self._stored.info.get("user")

    @property
    def model_framework(self):
        return self._stored.info.get("framework")

    @property
    def model_framework_version(self):
        return self._stored.info.get("frameworkVersion")

    @property
    @translated
    def url(self):
        """The ``file:`` address of its file or folder."""
        return file_link(self._stored.content_path())

    @property
    @translated
    def datasets(self):
        """``{purpose: [data set]}`` of the data sets that it was registered with, or given later."""
        return datasets_of(self._stored, self._workspace)

    @translated
    def add_dataset_references(self, datasets):
        """Adds data sets: pairs ``(purpose, data set)``."""
        self._stored.record("datasets", v=references(datasets))

    @property
    def workspace(self):
        return self._workspace

    @translated
    def download(self, target_dir=".", exist_ok=False, exists_ok=None):
        """Copies the model into the folder ``target_dir``, made if missing. Returns the path of the copy.

        Raises ``UserErrorException`` for one that is there already, unless ``exist_ok``.
        """
        import shutil

        source = self._stored.content_path()
        target = os.path.join(os.fspath(target_dir), os.path.basename(source))
        if os.path.exists(target) and not (exist_ok or exists_ok):
            raise UserErrorException("{} is there already. Pass exist_ok=True to replace it.".format(target))
        try:
            os.makedirs(os.fspath(target_dir), exist_ok=True)
            if os.path.isdir(target) and not os.path.islink(target):
                shutil.rmtree(target)
            shutil.copytree(source, target) if os.path.isdir(source) else shutil.copy2(source, target)
        except OSError as error:
            raise UserErrorException("{} cannot be written: {}.".format(target, error.strerror or error)) from None
        return target

    @translated
    def delete(self):
        """Moves this version to the workspace's trash. Its number is not given again."""
        model_store(self._workspace).delete(self._stored)

    @translated
    def update(self, tags=None, description=None, sample_input_dataset=None, sample_output_dataset=None, **kwargs):
        """Replaces the tags, and the description, where they are given."""
        if tags is not None:
            wanted = _texts("tags", tags)
            self.remove_tags([name for name in self.tags if name not in wanted])
            self.add_tags(wanted)
        if description is not None:
            self._stored.record("attribute", n="description", v=str(description))

    @translated
    def add_tags(self, tags):
        """Sets tags, ``{name: value}``."""
        for name, value in _texts("tags", tags).items():
            self._stored.record("tag", n=name, v=value)

    @translated
    def remove_tags(self, tags):
        """Removes tags by name: one, or several."""
        for name in [tags] if isinstance(tags, str) else tags:
            self._stored.record("untag", n=str(name))

    @translated
    def add_properties(self, properties):
        """Adds properties, ``{name: value}``, which are immutable: one that is there raises ``UserErrorException``."""
        wanted = _texts("properties", properties)
        for name in wanted:
            if name in self.properties:
                raise UserErrorException(
                    "The model {} has the property {!r} already, and properties are immutable.".format(self.id, name)
                )
        self._stored.record("properties", v=wanted)

    def update_tags_properties(self, add_tags=None, remove_tags=None, add_properties=None):
        """``remove_tags``, ``add_tags`` and ``add_properties`` in one call."""
        self.remove_tags(remove_tags or [])
        self.add_tags(add_tags)
        self.add_properties(add_properties)

    def wait_for_creation(self, show_output=False):
        """Returns at once: a model is there when ``register`` has returned."""

    def serialize(self):
        """The model as a dict of plain values."""
        tags, properties, description = self._stored.state()
        return {
            "id": self.id,
            "name": self.name,
            "version": self.version,
            "createdTime": self.created_time.isoformat(),
            "framework": self.model_framework,
            "frameworkVersion": self.model_framework_version,
            "description": description,
            "runId": self.run_id,
            "experimentName": self.experiment_name,
            "tags": tags,
            "properties": properties,
            "url": self.url,
        }

    @staticmethod
    @translated
    def deserialize(workspace, model_payload):
        """The model that ``serialize`` described."""
        return Model(workspace, id=model_payload["id"])

    def _repr_html_(self):
        return table([("Name", self.name), ("Version", self.version), ("Framework", self.model_framework)])

    def __eq__(self, other):
        return isinstance(other, Model) and self._stored.path == other._stored.path

    def __hash__(self):
        return hash(self._stored.path)

    def __repr__(self):
        return "Model(workspace={!r}, name={}, id={}, version={}, tags={}, properties={})".format(
            self._workspace, self.name, self.id, self.version, self.tags, self.properties
        )


def register_of_run(
    model_class, run, name, path, tags, properties, description, framework, framework_version, datasets=None
):
    """``Run.register_model``; ``path`` is the name of a file or folder of the run."""
    wanted = os.fspath(path).replace(os.sep, "/").rstrip("/")
    source = run._folder.artifact_path(wanted[2:] if wanted.startswith("./") else wanted)
    if not os.path.exists(source):
        known = ", ".join(run.get_file_names()[:20]) or "none"
        raise ModelPathNotFoundException(
            "model_path: the run {} has no file or folder {!r}. It has: {}. In a script, files that are not in outputs need "
            "run.upload_file first.".format(run.id, wanted, known)
        )
    return model_class._register(
        run.experiment.workspace,
        source,
        name,
        runId=run.id,
        experiment=run.experiment.name,
        path=wanted,
        tags=_texts("tags", tags),
        properties=_texts("properties", properties),
        description=description,
        datasets=references(datasets),
        framework=framework,
        frameworkVersion=None if framework_version is None else str(framework_version),
    )


def _texts(argument, values):
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise UserErrorException("{} must be a dict, not {}.".format(argument, type(values).__name__))
    return {str(name): "" if value is None else str(value) for name, value in values.items()}


def _parsed_id(model_id):
    name, colon, version = str(model_id).rpartition(":")
    if not colon or not version.isdigit():
        raise UserErrorException("id must be <name>:<version>, not {!r}.".format(model_id))
    return name, int(version)
