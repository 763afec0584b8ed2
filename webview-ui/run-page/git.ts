export interface GitFacts {
  readonly repository: string | undefined;
  readonly commit: string | undefined;
  readonly branch: string | undefined;
  readonly isDirty: boolean | undefined;
}

/** What the run's properties say of its repository. */
export function gitOf(properties: readonly (readonly [name: string, value: string])[]): GitFacts {
  const byName = new Map(properties);
  const dirty = byName.get('azureml.git.dirty');
  return {
    repository: byName.get('azureml.git.repository_uri') || undefined,
    commit: byName.get('azureml.git.commit') || undefined,
    branch: byName.get('azureml.git.branch') || undefined,
    isDirty: dirty === undefined ? undefined : dirty.toLowerCase() === 'true',
  };
}

/** `main 8c1f2e9, with changes`. Undefined outside a repository. */
export function describeCommit(git: GitFacts): string | undefined {
  if (git.commit === undefined) {
    return git.branch;
  }
  const place = [git.branch, git.commit.slice(0, 7)].filter((part) => part !== undefined).join(' ');
  return git.isDirty ? `${place}, with changes` : place;
}
