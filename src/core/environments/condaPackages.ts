/** Packages of conda under the names that pip knows them by. */

/** Where conda's name is that of pip, it stands for itself. Only names that are sure to be the same project are here. */
const pipNames: ReadonlyMap<string, string> = new Map([
  ...[
    'beautifulsoup4 bokeh catboost cloudpickle cython dask dill fastai fastparquet flask gensim h5py imbalanced-learn',
    'ipykernel ipython joblib jupyter keras lightgbm matplotlib mlflow networkx nltk notebook numba numpy openpyxl',
    'optuna pandas pillow plotly protobuf psutil pyarrow pydantic pytest python-dateutil pytorch-lightning pytz pyyaml',
    'requests scikit-image scikit-learn scipy seaborn shap spacy sqlalchemy statsmodels sympy tensorboard tensorflow',
    'torchaudio torchvision tqdm transformers xgboost xlrd',
  ]
    .join(' ')
    .split(' ')
    .map((name) => [name, name] as const),
  ['matplotlib-base', 'matplotlib'],
  ['opencv', 'opencv-python'],
  ['py-opencv', 'opencv-python'],
  ['py-xgboost', 'xgboost'],
  ['pytables', 'tables'],
  ['pytorch', 'torch'],
  ['pytorch-cpu', 'torch'],
  ['tensorflow-cpu', 'tensorflow'],
  ['tensorflow-gpu', 'tensorflow'],
]);

/** Parts of every environment, which are never asked for on their own account. */
const given: ReadonlySet<string> = new Set(['pip', 'python', 'setuptools', 'wheel']);

export interface TranslatedPackages {
  /** Lines of a requirements file. */
  readonly requirements: readonly string[];
  /** Names, as conda has them, that pip is not known to have. */
  readonly unknown: readonly string[];
}

/** Conda's `numpy=1.18` is pip's `numpy==1.18.*`; builds and channels are left off. */
export function translateCondaPackages(packages: readonly string[]): TranslatedPackages {
  const requirements: string[] = [];
  const unknown: string[] = [];
  for (const entry of packages) {
    const [, name = entry, rest = ''] = /^(?:\S+::)?([\w.-]+)\s*(.*)$/.exec(entry) ?? [];
    const key = name.toLowerCase().replace(/[_.]/g, '-');
    const pipName = pipNames.get(key);
    if (pipName !== undefined) {
      requirements.push(pipName + versionClause(rest));
    } else if (!given.has(key)) {
      unknown.push(name);
    }
  }
  return { requirements, unknown };
}

function versionClause(text: string): string {
  // The place of the version may be followed by that of the build, after a space or a second "=".
  const clause = text.trim().replace(/^(=?=?[\d.*]+)[=\s].*$/, '$1');
  const exact = /^==\s*([\d.]+)$/.exec(clause);
  if (exact !== null) {
    return `==${exact[1]}`;
  }
  const fuzzy = /^=?\s*([\d.]+?)\.?\*?$/.exec(clause);
  if (fuzzy !== null) {
    return `==${fuzzy[1]}.*`;
  }
  return /^[<>!~=\d.,*\s]+$/.test(clause) ? clause.replaceAll(' ', '') : '';
}
