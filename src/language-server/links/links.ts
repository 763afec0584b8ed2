import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DocumentLink } from 'vscode-languageserver-types';
import { storeFolderName } from '../../core/store/storeLayout.ts';
import type { Definition } from '../definitions/definition.ts';
import { rangeOf } from '../documents/textRanges.ts';
import { nodeAtPath, textOf, yamlOf } from '../documents/yamlText.ts';
import type { OpenFile } from '../fileFeatures.ts';
import { type NamedThing, referencesOf } from '../schemas/references.ts';
import { findNamed, sourceFoldersOf } from '../world/sourceFolders.ts';

/** To the files that a file names, where they are there. */
export async function linksOf(file: OpenFile, definition: Definition): Promise<readonly DocumentLink[]> {
  const things = referencesOf(definition, yamlOf(file.document));
  const links = await Promise.all(things.map(async (thing) => ({ thing, path: await pathOf(file, thing) })));
  return links.flatMap(({ thing: { start, end }, path }) =>
    path === undefined ? [] : { range: rangeOf(file.document, start, end), target: pathToFileURL(path).href },
  );
}

async function pathOf(file: OpenFile, { reference, text, path }: NamedThing): Promise<string | undefined> {
  const { world } = file;
  const existing = async (folders: readonly string[]): Promise<string | undefined> => {
    const found = await findNamed(text, folders, world, 'file');
    return found.exists ? found.path : undefined;
  };
  switch (reference) {
    case 'script': {
      const folder = textOf(nodeAtPath(yamlOf(file.document), [...path.slice(0, -1), 'source_directory']));
      return await existing(
        folder === undefined ? sourceFoldersOf(file.path, world) : [join(dirname(file.path), folder)],
      );
    }
    case 'file':
      return await existing(sourceFoldersOf(file.path, world));
    case 'fileOfDefinition':
    case 'runConfiguration':
      return await existing([dirname(file.path)]);
    case 'target': {
      const names = await world.names(file.path);
      const folder = names && join(names.folder, storeFolderName, 'compute');
      const found = folder === undefined ? undefined : await findNamed(`${text}.yml`, [folder], world, 'file');
      return found?.exists === true ? found.path : undefined;
    }
    default:
      return undefined;
  }
}
