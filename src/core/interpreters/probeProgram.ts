/** Marks the probe's answer among whatever else an interpreter prints as it starts. */
export const probeMarker = 'RUNLEDGER-PROBE ';

/**
 * The program that an interpreter runs to tell what it is. It is valid in every Python, so that one that is too old can
 * say so. Arguments: the folder of Runledger's own `azureml`, and the script to compile, either of them empty for none.
 *
 * The script's folder must not answer `import json`, hence the first lines. `azureml.core` is looked for and not
 * imported: importing it can take seconds.
 */
export const probeProgram = `
import sys
sys.path[:] = [p for p in sys.path if p != '']
import json, os
answer = {'version': list(sys.version_info[:3]), 'executable': sys.executable or '', 'azureml': False}
own, script = sys.argv[1], sys.argv[2]

def real_azureml():
    from importlib.machinery import PathFinder
    for entry in sys.path:
        if own and os.path.realpath(entry) == os.path.realpath(own):
            continue
        package = PathFinder.find_spec('azureml', [entry])
        if package is None or not package.submodule_search_locations:
            continue
        core = PathFinder.find_spec('azureml.core', list(package.submodule_search_locations))
        if core is None:
            continue
        if core.origin and os.path.isfile(core.origin):
            with open(core.origin, 'rb') as f:
                if b'runledger' in f.read(65536):
                    continue
        return True
    return False

def syntax_problem():
    with open(script, 'rb') as f:
        source = f.read()
    try:
        compile(source, script, 'exec', 0, True)
    except SyntaxError as e:
        return {'message': str(e.msg), 'line': e.lineno, 'column': e.offset, 'text': e.text}
    except ValueError as e:
        return {'message': str(e), 'line': None, 'column': None, 'text': None}
    except (MemoryError, OverflowError, RuntimeError):
        pass
    return None

if sys.version_info >= (3, 8):
    try:
        answer['azureml'] = real_azureml()
    except Exception:
        pass
    if script:
        answer['syntax'] = syntax_problem()
print('\\n${probeMarker}' + json.dumps(answer))
`;
