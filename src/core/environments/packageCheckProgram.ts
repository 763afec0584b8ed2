/** Marks the answer among whatever else an interpreter prints as it starts. */
export const packageCheckMarker = 'RUNLEDGER-PACKAGES ';

/**
 * The program with which an interpreter tells which of the lines of a requirements file it does not satisfy. Its argument is
 * a JSON list of the lines.
 *
 * What a requirement means is decided by the library `packaging`, of which pip has a copy. Without either only a bare name,
 * and a name with one `==` and no wildcard, are understood. What a package needs in turn is not looked at, but for
 * the extras that a line asks for.
 */
export const packageCheckProgram = `
import sys
sys.path[:] = [p for p in sys.path if p != '']
import json, re
from importlib import metadata
try:
    from packaging.requirements import Requirement
except ImportError:
    try:
        from pip._vendor.packaging.requirements import Requirement
    except ImportError:
        Requirement = None

def is_satisfied(line, extra='', seen=()):
    line = re.split(r'\\s--', line)[0].strip()
    if line.startswith('-') or line in seen:
        return line in seen
    if Requirement is None:
        simple = re.match(r'^([A-Za-z0-9][A-Za-z0-9._-]*)\\s*(?:==\\s*([A-Za-z0-9.+!-]+))?$', line)
        return bool(simple) and metadata.version(simple.group(1)) == (simple.group(2) or metadata.version(simple.group(1)))
    wanted = Requirement(line)
    if wanted.marker is not None and not wanted.marker.evaluate({'extra': extra}):
        return True
    if wanted.url:
        return False
    found = metadata.distribution(wanted.name)
    if not wanted.specifier.contains(found.version, prereleases=True):
        return False
    for name in wanted.extras:
        for needed in found.requires or []:
            marker = Requirement(needed).marker
            if marker is not None and marker.evaluate({'extra': name}) and not marker.evaluate({'extra': ''}):
                if not is_satisfied(needed, name, seen + (line,)):
                    return False
    return True

def is_missing(line):
    try:
        return not is_satisfied(line)
    except Exception:
        return True

missing = [line for line in json.loads(sys.argv[1]) if is_missing(line)]
print('\\n${packageCheckMarker}' + json.dumps(missing))
`;
