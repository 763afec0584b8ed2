"""What ``azureml.core.Run`` logs, and what ``get_metrics`` gives back."""

import array
import datetime
import decimal
import json
import time
import unittest
from unittest import mock

from support import StoreTestCase
from azureml.core import Experiment, Run, Workspace
from azureml.exceptions import UserErrorException

CONFUSION = {
    "schema_type": "confusion_matrix",
    "schema_version": "v1",
    "data": {"class_labels": ["a", "b"], "matrix": [[3, 1], [0, 4]]},
}
PNG = b"\x89PNG\r\n\x1a\nnot really"


class NumberLike:
    """A scalar as NumPy's are: a type of its own, with ``item`` and ``dtype``."""

    dtype = "float64"

    def __init__(self, value):
        self._value = value

    def item(self):
        return self._value


class WideFloat:
    """As ``numpy.longdouble``: its ``item`` is a float of its own kind again."""

    class dtype:
        kind = "f"

    def item(self):
        return self

    def __float__(self):
        return 2.5


class NAType:
    """As ``pandas.NA``."""


class ArrayLike:
    def __init__(self, values):
        self._values = values

    def tolist(self):
        return self._values


class FloatSubclass(float):
    pass


class Figure:
    def savefig(self, target, format=None):
        assert format == "png"
        target.write(PNG)


class Logging(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.experiment = Experiment(Workspace.from_config(), "Trial")
        self.run_under_test = self.experiment.start_logging()
        self.addCleanup(self.run_under_test.complete)

    def metrics(self, **options):
        found = self.run_under_test.get_metrics(**options)
        json.dumps(found)
        return found

    def test_scalars(self):
        run = self.run_under_test
        values = {
            "int": 3,
            "float": 0.5,
            "str": "text",
            "bool": True,
            "a (%) / ü:b": 1,
            "big": 10**30,
        }
        for name, value in values.items():
            run.log(name, value)
        run.log(name="named", value=1, description="d", step=4)
        run.log("like numpy", NumberLike(0.25))
        run.log("subclass", FloatSubclass(1.5))
        run.log("wide", WideFloat())
        run.log("decimal", decimal.Decimal("0.5"))
        found = self.metrics()
        for name, value in values.items():
            self.assertEqual(found[name], value)
            self.assertIs(type(found[name]), type(value))
        self.assertEqual((found["named"], found["like numpy"], found["decimal"]), (1, 0.25, 0.5))
        self.assertIs(type(found["subclass"]), float)
        self.assertEqual((found["wide"], type(found["wide"])), (2.5, float))

    def test_a_series_is_a_list(self):
        for i in range(3):
            self.run_under_test.log("loss", i / 2)
        self.run_under_test.log("nan", float("nan"))
        self.run_under_test.log("inf", float("-inf"))
        found = self.run_under_test.get_metrics()
        self.assertEqual(found["loss"], [0.0, 0.5, 1.0])
        self.assertNotEqual(found["nan"], found["nan"])
        self.assertEqual(found["inf"], float("-inf"))
        self.assertEqual(self.metrics(name="loss"), {"loss": [0.0, 0.5, 1.0]})

    def test_a_clock_that_is_set_back_keeps_the_order(self):
        now = time.time_ns()
        for i in range(3):
            with mock.patch("time.time_ns", return_value=now + (1000 - 100 * i) * 10**9):
                self.run_under_test.log("loss", i)
                self.run_under_test.log_list("l", [i])
        self.assertEqual(self.metrics(), {"loss": [0, 1, 2], "l": [0, 1, 2]})

    def test_lists_concatenate(self):
        run = self.run_under_test
        run.log_list("l", [1, 2])
        run.log_list("l", (i for i in (3, 4)))
        run.log_list("l", ArrayLike([5.5, None]), "description")
        run.log_list("missing", ArrayLike([1, NAType()]))
        run.log_list("single", (1,))
        run.log_list("empty", [])
        run.log_list("array", array.array("d", [1.0]))
        run.log_list("long", range(25000))
        found = self.metrics()
        self.assertEqual(found["l"], [1, 2, 3, 4, 5.5, None])
        self.assertEqual(found["missing"], [1, None])
        self.assertEqual((found["single"], found["empty"], found["array"]), ([1], [], [1.0]))
        self.assertEqual(found["long"], list(range(25000)))

    def test_rows_and_tables(self):
        run = self.run_under_test
        run.log_row("one", x=1, y="a")
        run.log_row("odd names", "description", **{"value": 1, "stat": 2, "α": 3})
        run.log_row("rows", a=1, b=2)
        run.log_row("rows", a=3, c=NumberLike(4))
        run.log_table("table", {"a": [1, 2, 3], "b": ("x", "y")})
        run.log_table("table", {"a": ArrayLike([4])})
        run.log_table("scalars", {"a": 1, "b": "x"})
        found = self.metrics()
        self.assertEqual(found["one"], {"x": 1, "y": "a"})
        self.assertEqual(found["odd names"], {"value": 1, "stat": 2, "α": 3})
        self.assertEqual(found["rows"], {"a": [1, 3], "b": [2, None], "c": [None, 4]})
        self.assertEqual(found["table"], {"a": [1, 2, 3, 4], "b": ["x", "y", None, None]})
        self.assertEqual(found["scalars"], {"a": [1], "b": ["x"]})

    def test_images(self):
        run = self.run_under_test
        with open("picture.PNG", "wb") as file:
            file.write(PNG)
        run.log_image("a/b: picture", path="picture.PNG")
        run.log_image("plot", plot=Figure())
        run.log_image("plot", plot=Figure(), description="again")
        found = self.metrics()
        start = "aml://artifactId/ExperimentRun/dcid.{}/".format(run.id)
        self.assertRegex(found["a/b: picture"][len(start) :], r"^a/b_ picture_\d+\.png$")
        self.assertEqual(len(found["plot"]), 2)
        self.assertRegex(found["plot"][0][len(start) :], r"^plot_\d+\.png$")
        self.assertEqual(found["plot"][0][: len(start)], start)
        for address in found["plot"]:
            run.download_file(address[len(start) :], "copy.png")
            with open("copy.png", "rb") as file:
                self.assertEqual(file.read(), PNG)

    def test_a_plot_in_the_place_of_the_path(self):
        self.run_under_test.log_image("ROC", Figure())
        self.assertRegex(self.run_under_test.get_file_names()[0], r"^ROC_\d+\.png$")

    def test_images_need_one_source(self):
        for options in ({}, {"path": "x", "plot": Figure()}, {"path": "missing.png"}, {"plot": 3}, {"path": [1]}):
            with self.subTest(options), self.assertRaises(UserErrorException):
                self.run_under_test.log_image("i", **options)

    def test_documents(self):
        run = self.run_under_test
        run.log_confusion_matrix("cm", CONFUSION)
        run.log_confusion_matrix("cm json", json.dumps(CONFUSION))
        run.log_residuals(
            "res",
            {
                "schema_type": "residuals",
                "schema_version": "v1",
                "data": {"bin_edges": ArrayLike([0, 1]).tolist(), "bin_counts": [3]},
            },
        )
        address = "aml://artifactId/ExperimentRun/dcid.{}/cm".format(run.id)
        self.assertEqual(self.metrics()["cm"], address)
        self.assertEqual(self.metrics(populate=True)["cm"], CONFUSION)
        self.assertEqual(run.get_file_names(), ["cm", "cm json", "res"])

    def test_documents_as_many_scripts_give_them(self):
        run = self.run_under_test
        run.log_confusion_matrix("data alone", CONFUSION["data"])
        run.log_confusion_matrix("no version", {"schema_type": "confusion_matrix", "data": CONFUSION["data"]})
        self.assertEqual(self.metrics(populate=True), {"data alone": CONFUSION, "no version": CONFUSION})

    def test_documents_do_not_take_the_place_of_other_files(self):
        run = self.run_under_test

        def matrix(number):
            return dict(CONFUSION, data={"class_labels": ["a"], "matrix": [[number]]})

        logged = {"val": 1, "val/x": 2, "q?": 3, "q*": 4, "deep/er": 5, "deep": 6}
        for name, number in logged.items():
            run.log_confusion_matrix(name, matrix(number))
        run.log_image("val/roc", plot=Figure())
        again = Run(self.experiment, run.id)
        for name in logged:
            again.log_confusion_matrix(name, matrix(logged[name] + 10))
            again.log_confusion_matrix(name, matrix(logged[name] + 20))
        found = run.get_metrics(populate=True)
        self.assertRegex(found.pop("val/roc"), r"/val_roc_\d+\.png$")
        self.assertEqual(found, {name: matrix(number + 20) for name, number in logged.items()})
        self.assertEqual(len(run.get_file_names()), 7)
        self.assertIn("val", run.get_file_names())

    def test_documents_are_checked(self):
        for value in (
            "{",
            3,
            {},
            dict(CONFUSION, schema_type="residuals"),
            dict(CONFUSION, schema_version="v9"),
            dict(CONFUSION, data={"matrix": []}),
            dict(CONFUSION, data={"matrix": [[object()]], "class_labels": ["a"]}),
        ):
            with self.subTest(value), self.assertRaises(UserErrorException):
                self.run_under_test.log_confusion_matrix("cm", value)
        self.assertEqual(self.run_under_test.get_file_names(), [])

    def test_what_cannot_be_logged_names_the_argument(self):
        run = self.run_under_test
        cases = (
            (lambda: run.log("a", None), "value"),
            (lambda: run.log("a", {}), "value"),
            (lambda: run.log("a", [1]), "value"),
            (lambda: run.log("a", 1j), "value"),
            (lambda: run.log("a", datetime.datetime.now()), "value"),
            (lambda: run.log("a", NumberLike([1])), "value"),
            (lambda: run.log_list("a", 3), "value"),
            (lambda: run.log_list("a", "text"), "value"),
            (lambda: run.log_row("a", x=[1]), "x"),
            (lambda: run.log_table("a", [1]), "value"),
            (lambda: run.log_table("a", {"c": [{}]}), "value['c']"),
        )
        for call, name in cases:
            with self.assertRaises(UserErrorException) as caught:
                call()
            self.assertIsInstance(caught.exception, TypeError)
            self.assertIn(name + " must be ", str(caught.exception))
        for call in (lambda: run.log("", 1), lambda: run.log(3, 1), lambda: run.log_row("a")):
            with self.assertRaises(UserErrorException):
                call()
        self.assertEqual(self.metrics(), {})


if __name__ == "__main__":
    unittest.main()
