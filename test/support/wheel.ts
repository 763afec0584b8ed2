/** Python packages made on the spot, so that pip has something to install without a network. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ZipWriter } from '../../src/core/base/zipWriter.ts';

/** Writes a wheel of one module to a folder, and returns its path. */
export function writeWheel(folder: string, name: string, version: string, source: string): Promise<string> {
  return writeWheelOf(folder, name, version, { [`${name}.py`]: source });
}

/** The same with any files. */
export async function writeWheelOf(
  folder: string,
  name: string,
  version: string,
  sources: Readonly<Record<string, string>>,
): Promise<string> {
  const info = `${name.replaceAll('-', '_')}-${version}.dist-info`;
  const files: Record<string, string> = {
    ...sources,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  };
  const rows = Object.entries(files).map(([path, text]) => {
    const hash = createHash('sha256').update(text).digest('base64url');
    return `${path},sha256=${hash},${Buffer.byteLength(text)}\n`;
  });
  files[`${info}/RECORD`] = `${rows.join('')}${info}/RECORD,,\n`;
  const path = join(folder, `${name.replaceAll('-', '_')}-${version}-py3-none-any.whl`);
  const zip = await ZipWriter.create(path);
  for (const [entry, text] of Object.entries(files)) {
    await zip.add(Buffer.from(text), { name: entry });
  }
  await zip.finish();
  return path;
}

/**
 * The files of a package that pip builds itself, and does not finish: it leaves its process id in a file and waits. Once a file
 * `<pidFile>.go` is there, it is built at once.
 */
export function endlessPackage(pidFile: string): Record<string, string> {
  return {
    'endless/pyproject.toml': '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
    'endless/backend.py': `import os, time, zipfile

def build_wheel(wheel_directory, *args, **kwargs):
    if os.path.exists(${JSON.stringify(`${pidFile}.go`)}):
        name = "endless-1-py3-none-any.whl"
        with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
            wheel.writestr("endless.py", "text = 'made'\\n")
            wheel.writestr("endless-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: endless\\nVersion: 1\\n")
            wheel.writestr("endless-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
            wheel.writestr("endless-1.dist-info/RECORD", "")
        return name
    with open(${JSON.stringify(`${pidFile}.part`)}, "w") as file:
        file.write(str(os.getpid()))
    os.rename(${JSON.stringify(`${pidFile}.part`)}, ${JSON.stringify(pidFile)})
    time.sleep(600)
`,
  };
}
