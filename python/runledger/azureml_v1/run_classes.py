"""Which class a run is an object of, by its type."""


def run_of(experiment, folder):
    """The run in ``folder`` (a ``RunFolder``) of ``experiment``: a ``HyperDriveRun``, ``PipelineRun``, ``StepRun``,
    ``ScriptRun`` or plain ``Run``.
    """
    return class_of(folder.run_json.get("type"))._of_folder(experiment, folder)


def class_of(run_type):
    """The class for runs of the type ``run_type``, as ``azureml.scriptrun``; ``Run`` for those that have none of their
    own.
    """
    from runledger.azureml_v1.run import Run, ScriptRun

    if run_type == "azureml.scriptrun":
        return ScriptRun
    if run_type == "hyperdrive":
        from runledger.azureml_v1.hyperdrive.run import HyperDriveRun

        return HyperDriveRun
    if run_type in ("azureml.PipelineRun", "azureml.StepRun"):
        from runledger.azureml_v1.pipeline.run import PipelineRun, StepRun

        return PipelineRun if run_type == "azureml.PipelineRun" else StepRun
    return Run
