"""The data sets that a model was made or is used with: ``datasets=[(Dataset.Scenario.TRAINING, dataset)]``."""

from runledger.azureml_v1.exceptions import UserErrorException


def references(datasets):
    """``datasets``, pairs ``(purpose, data set)``, as a list of plain values. Raises ``UserErrorException``."""
    from runledger.azureml_v1.dataset import AbstractDataset

    found = []
    for pair in datasets or []:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2 or not isinstance(pair[1], AbstractDataset):
            raise UserErrorException(
                "datasets must be a list of pairs (Dataset.Scenario.TRAINING, dataset), not of {!r}.".format(pair)
            )
        purpose, dataset = pair
        found.append(
            {
                "purpose": str(purpose),
                "id": dataset.id,
                "kind": dataset.KIND,
                "content": dataset._content,
                "name": dataset.name,
                "version": dataset.version,
            }
        )
    return found


def datasets_of(stored, workspace):
    """``{purpose: [data set]}`` of the version ``stored`` of a model."""
    from runledger.azureml_v1.dataset import of_content

    found = {}
    for item in stored.datasets():
        record = {name: item.get(name) for name in ("id", "name", "version")}
        dataset = of_content(item["kind"], item["content"], workspace, record)
        found.setdefault(item["purpose"], []).append(dataset)
    return found
