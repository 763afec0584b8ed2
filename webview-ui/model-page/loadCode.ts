/** Python that finds a version of a model on this machine. */
export function loadCode(name: string, version: number): string {
  return `from azureml.core import Model\n\npath = Model.get_model_path(${pythonText(name)}, version=${version})\n`;
}

/** As a literal of Python: JSON's escapes are Python's too. */
function pythonText(text: string): string {
  return JSON.stringify(text);
}
