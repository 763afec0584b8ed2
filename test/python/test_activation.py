"""What a script finds of the environment that its interpreter belongs to."""

import os
import sys
import unittest

from supervised import SupervisedTestCase


class CondaEnvironment(SupervisedTestCase):
    @unittest.skipIf(sys.platform == "win32", "conda has other folders there")
    def test_is_active_for_the_script_of_its_interpreter(self):
        self.write("envs/vision/conda-meta/history", "")
        self.write("envs/vision/bin/tool", "")
        folder = os.path.abspath("envs/vision")
        interpreter = os.path.join(folder, "bin", "python")
        os.symlink(sys.executable, interpreter)
        source = "import os\nprint(os.environ['CONDA_PREFIX'], os.environ['CONDA_DEFAULT_ENV'], os.environ['PATH'].split(':')[0])\n"
        run, view = self.carry_out(source, interpreter=interpreter, leave_out=("envs/vision/bin/python",))
        self.assertEqual(view.status, "Completed", self.log_of(run))
        self.assertEqual(self.log_of(run).split(), [folder, "vision", os.path.join(folder, "bin")])

    @unittest.skipIf(sys.platform == "win32", "links to files take a privilege there")
    def test_of_windows_has_its_interpreter_in_its_own_folder(self):
        self.write("envs/vision/conda-meta/history", "")
        folder = os.path.abspath("envs/vision")
        interpreter = os.path.join(folder, "python.exe")
        os.symlink(sys.executable, interpreter)
        source = "import os\nprint(os.environ['CONDA_PREFIX'], *os.environ['PATH'].split(os.pathsep)[:3])\n"
        run, view = self.carry_out(source, interpreter=interpreter, leave_out=("envs/vision/python.exe",))
        self.assertEqual(view.status, "Completed", self.log_of(run))
        programs = [os.path.join(folder, "Library", "bin"), os.path.join(folder, "Scripts")]
        self.assertEqual(self.log_of(run).split(), [folder, folder] + programs)


if __name__ == "__main__":
    unittest.main()
