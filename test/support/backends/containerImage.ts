/** An image with a Python, made of this machine's own Debian packages: there is no registry to pull one from. */
import { existsSync, lstatSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { captureCommand, findCommand } from '../../../scripts/support/childProcess.ts';
import { cacheFolder } from '../../../scripts/support/paths.ts';

/** The libraries of Debian's Python, by the beginning of their package names. */
const libraries = [
  'libc6 libc-bin zlib1g libexpat1 libssl3 libffi8 libbz2-1.0 liblzma5 libsqlite3-0 libuuid1 libselinux1 libacl1 libattr1',
  'libgmp10 libpcre2-8-0 libcrypt1 libdb5.3 libncursesw6 libtinfo6 libreadline8 libgcc-s1 media-types libtirpc3 libnsl2',
]
  .join(' ')
  .split(' ');
/** Wheels of pip and setuptools, with which virtual environments begin. */
const wheels = ['python3-pip-whl', 'python3-setuptools-whl', 'python3-distutils', 'python3-lib2to3'];
const programs = ['base-files', 'dash', 'coreutils', 'python3', 'python3-minimal', 'python3-venv'];

/** Needs these, and `dpkg`. */
export const imagePackages = ['python3-venv'] as const;

/** Undefined where this is no Debian, or its Python is not that of a package. */
export async function imageArchive(): Promise<string | undefined> {
  const found = findCommand('dpkg') === undefined ? undefined : await pythonPackages();
  if (found === undefined || !existsSync('/usr/bin/python3')) {
    return undefined;
  }
  const path = join(cacheFolder, 'containers', `${found.version}.tar`);
  if (existsSync(path)) {
    return path;
  }
  await mkdir(dirname(path), { recursive: true });
  const list = `${path}.${process.pid}.list`;
  const archive = `${path}.${process.pid}`;
  await writeFile(list, `${(await filesOf([...programs, ...wheels, ...found.packages, ...libraries])).join('\n')}\n`);
  const { exitCode } = await captureCommand('tar', ['-C', '/', '-cf', archive, '--no-recursion', '-T', list]);
  if (exitCode !== 0) {
    return undefined;
  }
  await rename(archive, path);
  return path;
}

async function pythonPackages(): Promise<
  { readonly version: string; readonly packages: readonly string[] } | undefined
> {
  const { stdout } = await captureCommand('/usr/bin/python3', [
    '-c',
    'import sys; print("%d.%d" % sys.version_info[:2])',
  ]);
  const version = stdout.trim();
  const names = ['python%', 'python%-minimal', 'libpython%-minimal', 'libpython%-stdlib', 'python%-venv'];
  return version === ''
    ? undefined
    : { version: `python-${version}-2`, packages: names.map((name) => name.replace('%', version)) };
}

/** What is there of the packages' files, folders before what is in them, as paths below the root. */
async function filesOf(packages: readonly string[]): Promise<readonly string[]> {
  const listed = await Promise.all(packages.map(async (name) => (await captureCommand('dpkg', ['-L', name])).stdout));
  const paths = listed
    .join('\n')
    .split('\n')
    .filter((path) => /^\/.+/.test(path) && !/^\/usr\/share\/(doc|man|locale)/.test(path));
  // Where `/bin` is a link to `/usr/bin`, what it leads to has to be there first.
  const folders = ['/usr', '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/lib64', '/bin', '/sbin', '/lib', '/lib64'];
  return [...new Set([...folders, ...paths])].filter(isThere).map((path) => path.slice(1));
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
