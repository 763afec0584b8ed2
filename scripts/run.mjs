// Runs a task of the repository on a machine that may have nothing but Node and npm: makes sure that node_modules is what
// package-lock.json asks for, then runs scripts/tasks/<task>.ts with the Node that the lock file names, which runs
// TypeScript as it is. Kept to what Node 18 understands, with no dependency.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, 'node_modules');
const binaries = path.join(modules, '.bin');
const isWindows = process.platform === 'win32';
const nodeBinary = path.join(modules, 'node', 'bin', isWindows ? 'node.exe' : 'node');

/** Whether what npm recorded as installed is what the lock file asks for (packages for other platforms are optional). */
function isInstalled() {
  try {
    const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
    const found = JSON.parse(readFileSync(path.join(modules, '.package-lock.json'), 'utf8')).packages;
    const isSame = (name) =>
      found[name].version === wanted[name]?.version && found[name].integrity === wanted[name].integrity;
    return (
      Object.keys(wanted).every((name) => name === '' || wanted[name].optional || wanted[name].peer || name in found) &&
      Object.keys(found).every(isSame)
    );
  } catch {
    return false;
  }
}

/** The environment without this repository's own tools on PATH, so that an installation does not run what it replaces. */
function outerEnvironment() {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const entries = (process.env[name] ?? '').split(path.delimiter).filter((entry) => path.resolve(entry) !== binaries);
  return { ...process.env, [name]: entries.join(path.delimiter) };
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

function install() {
  console.log('Installing the packages of package-lock.json…');
  const options = { cwd: root, stdio: 'inherit', env: outerEnvironment() };
  const npm = process.env.npm_execpath;
  const outerNode = process.env.npm_node_execpath ?? process.execPath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const result = npm
    ? spawnSync(outerNode, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: isWindows });
  if (result.error || result.status !== 0) {
    fail('npm ci did not succeed. What it printed above says why; run the command again once that is solved.');
  }
  if (!existsSync(nodeBinary)) {
    // npm can be set to run no install scripts; the one of the `node` package is needed.
    spawnSync(outerNode, ['installArchSpecificPackage.js'], { ...options, cwd: path.join(modules, 'node') });
  }
}

const [task, ...args] = process.argv.slice(2);
const tasks = readdirSync(path.join(root, 'scripts', 'tasks')).map((file) => path.basename(file, '.ts'));
if (!tasks.includes(task)) {
  fail(`Usage: node scripts/run.mjs <task> [arguments]\nTasks: ${tasks.join(', ')}`);
}
if (!isInstalled() || !existsSync(nodeBinary)) {
  install();
}
if (!existsSync(nodeBinary)) {
  fail(`Node is missing from ${nodeBinary}. Delete node_modules and run the command again.`);
}

const environment = outerEnvironment();
const pathName = Object.keys(environment).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
environment[pathName] = [path.dirname(nodeBinary), binaries, environment[pathName]].join(path.delimiter);
const child = spawn(nodeBinary, [path.join(root, 'scripts', 'tasks', `${task}.ts`), ...args], {
  cwd: root,
  stdio: 'inherit',
  env: environment,
});
// A terminal sends Ctrl+C to the task as well; it ends by itself, after cleaning up.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('error', (error) => fail(`The task could not be started: ${error.message}`));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
