"""``azureml.core.compute``: names for this machine."""

import os
import unittest

from support import StoreTestCase, printed
from azureml import exceptions
from azureml.core import ComputeTarget, Workspace, compute_target
from azureml.core.compute import AksCompute, AmlCompute, ComputeInstance, RemoteCompute
from azureml.core.compute_target import ComputeTargetException


class Targets(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.workspace = Workspace.from_config()

    def test_the_usual_way_to_a_cluster(self):
        def get():
            try:
                return ComputeTarget(workspace=self.workspace, name="cpu-cluster")
            except ComputeTargetException:
                configuration = AmlCompute.provisioning_configuration(
                    vm_size="STANDARD_D2_V2", min_nodes=0, max_nodes=4, tags={"a": 1}
                )
                made = ComputeTarget.create(self.workspace, "cpu-cluster", configuration)
                made.wait_for_completion(show_output=True, min_node_count=None, timeout_in_minutes=20)
                return made

        first, output = printed(get)
        second, silence = printed(get)
        self.assertIn("Succeeded", output)
        self.assertEqual(silence, "")
        for target in (first, second):
            self.assertIs(type(target), AmlCompute)
            described = (target.name, target.type, target.vm_size)
            self.assertEqual(described, ("cpu-cluster", "AmlCompute", "STANDARD_D2_V2"))
            self.assertEqual((target.scale_settings.maximum_node_count, target.tags), (4, {"a": "1"}))
            status = target.get_status()
            self.assertEqual((status.allocation_state, status.current_node_count), ("Steady", 1))
            plain = status.serialize()
            # The keys, and their order, are those that notebooks have saved.
            self.assertEqual(
                list(plain),
                "currentNodeCount targetNodeCount nodeStateCounts allocationState allocationStateTransitionTime errors "
                "creationTime modifiedTime provisioningState provisioningStateTransitionTime scaleSettings vmPriority "
                "vmSize".split(),
            )
            self.assertEqual((plain["vmSize"], plain["vmPriority"]), ("STANDARD_D2_V2", "Dedicated"))
            scale = {"minNodeCount": 0, "maxNodeCount": 4, "nodeIdleTimeBeforeScaleDown": "PT120S"}
            self.assertEqual(plain["scaleSettings"], scale)
            self.assertEqual(target.status.serialize(), status.serialize())
        self.assertEqual(list(self.workspace.compute_targets), ["cpu-cluster"])

    def test_an_unknown_name_is_refused_by_one_exception_of_two_modules(self):
        self.assertIs(ComputeTargetException, exceptions.ComputeTargetException)
        self.assertIs(compute_target.ComputeTargetException, ComputeTargetException)
        for name in ("absent", "", "a/b", None):
            with self.assertRaises(ComputeTargetException):
                ComputeTarget(self.workspace, name)

    def test_a_subscript_of_an_unknown_name_stands_for_this_machine(self):
        targets = self.workspace.compute_targets
        stand_in = targets["cpu-cluster"]
        self.assertIs(type(stand_in), AmlCompute)
        self.assertEqual((stand_in.name, stand_in.get_status().state), ("cpu-cluster", "Running"))
        self.assertEqual(targets["local"].type, "local")
        self.assertNotIn("cpu-cluster", targets)
        self.assertIsNone(targets.get("cpu-cluster"))
        self.assertEqual(self.workspace.compute_targets, {})
        with self.assertRaises(ComputeTargetException):
            ComputeTarget(self.workspace, "cpu-cluster")
        for name in ("", None):
            with self.assertRaises(KeyError):
                targets[name]

    def test_local_is_there_always(self):
        target = ComputeTarget(self.workspace, "local")
        self.assertEqual((target.name, target.type), ("local", "local"))
        with self.assertRaises(ComputeTargetException):
            target.delete()

    def test_classes_are_kept(self):
        for name, kind in (("machine", ComputeInstance), ("web", AksCompute)):
            ComputeTarget.create(self.workspace, name, kind.provisioning_configuration())
            self.assertIs(type(ComputeTarget(self.workspace, name)), kind)
            self.assertEqual(kind(self.workspace, name).name, name)

    def test_a_password_is_not_kept(self):
        configuration = RemoteCompute.attach_configuration(address="host", username="u", password="hidden")
        target = ComputeTarget.attach(self.workspace, "remote", configuration)
        self.assertTrue(target.is_attached)
        with open(os.path.join(self.project, ".runledger", "compute", "remote.json"), encoding="utf-8") as file:
            text = file.read()
        self.assertIn("host", text)
        self.assertNotIn("hidden", text)

    def test_what_is_deleted_is_gone(self):
        target = ComputeTarget.create(self.workspace, "Gone", AmlCompute.provisioning_configuration())
        target.update(max_nodes=9)
        self.assertEqual(ComputeTarget(self.workspace, "GONE").scale_settings.maximum_node_count, 9)
        target.delete()
        self.assertEqual(self.workspace.compute_targets, {})
        with self.assertRaises(ComputeTargetException):
            target.refresh_state()

    def test_what_a_file_defines_is_known_and_left_alone(self):
        folder = os.path.join(self.project, ".runledger", "compute")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "Lab.yml"), "w", encoding="utf-8") as file:
            file.write("type: ssh\nhost: box\ndescription: the big one\n")
        target = ComputeTarget(self.workspace, "lab")
        self.assertEqual((target.name, target.type, target.description), ("Lab", "ssh", "the big one"))
        self.assertEqual(list(self.workspace.compute_targets), ["Lab"])
        made = ComputeTarget.create(self.workspace, "LAB", AmlCompute.provisioning_configuration(max_nodes=2))
        self.assertEqual((made.name, made.type), ("Lab", "ssh"))
        self.assertEqual(os.listdir(folder), ["Lab.yml"])
        for change in (made.delete, lambda: made.update(max_nodes=3)):
            with self.assertRaisesRegex(ComputeTargetException, "defined by a file"):
                change()


if __name__ == "__main__":
    unittest.main()
