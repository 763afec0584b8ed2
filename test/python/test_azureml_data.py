"""``Datastore``, ``DataReference`` and ``Dataset``: files of this machine."""

import datetime
import http.server
import json
import os
import threading
import unittest

from support import StoreTestCase, printed
from azureml.core import Dataset, Datastore, Experiment, RunConfiguration, ScriptRunConfig, Workspace
from azureml.core.runconfig import DataReferenceConfiguration
from azureml.data import DataType
from azureml.data.datapath import DataPath
from azureml.data.dataset_type_definitions import PromoteHeadersBehavior
from azureml.data.data_reference import DataReference
from azureml.exceptions import DatasetTimestampMissingError, NotAvailableException, UserErrorException
from runledger.azureml_v1 import run_inputs

try:
    import pandas
except ImportError:
    pandas = None


READ_REFERENCES = """
import os, sys
from azureml.core import Run
run = Run.get_context()
raw = os.environ["AZUREML_DATAREFERENCE_raw"]
with open(raw) as file:
    run.log("text", file.read())
run.log("raw", raw)
run.log("arguments", " ".join(sys.argv[1:]))
with open(os.path.join(os.environ["AZUREML_DATAREFERENCE_made"], "made.txt"), "w") as file:
    file.write(run.id)
"""


class Fixture(StoreTestCase):
    def setUp(self):
        super().setUp()
        self.workspace = Workspace.from_config()
        self.datastore = self.workspace.get_default_datastore()

    def fill(self, names, folder="data"):
        for name in names:
            self.write(name, name.upper(), os.path.join(self.datastore._folder, folder))


class Datastores(Fixture):
    def stored(self):
        root = self.datastore._folder
        return sorted(
            os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")
            for folder, _, names in os.walk(root)
            for name in names
        )

    def test_uploads_and_downloads(self):
        self.write("source/a.txt", "A")
        self.write("source/below/b.txt", "B")
        reference, output = printed(lambda: self.datastore.upload("source", "target"))
        self.assertEqual(self.stored(), ["target/a.txt", "target/below/b.txt"])
        self.assertIn("Uploaded", output)
        self.assertEqual(str(reference), os.path.join(self.datastore._folder, "target"))
        count = self.datastore.download("back", prefix="target/below", show_progress=False)
        self.assertEqual(count, 1)
        with open("back/target/below/b.txt", encoding="utf-8") as file:
            self.assertEqual(file.read(), "B")

    def test_a_file_that_is_there_stays_without_overwrite(self):
        path = self.write("source/a.txt", "new")
        self.fill(["a.txt"], "")
        self.datastore.upload_files([path], show_progress=False)
        with open(os.path.join(self.datastore._folder, "a.txt"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "A.TXT")
        self.datastore.upload_files([path], overwrite=True, show_progress=False)
        with open(os.path.join(self.datastore._folder, "a.txt"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "new")

    def test_paths_of_uploaded_files_are_relative_to_the_root(self):
        paths = [self.write("x/one/a.txt", "A"), self.write("x/two/b.txt", "B")]
        self.datastore.upload_files(paths, relative_root="x", target_path="t", show_progress=False)
        self.assertEqual(self.stored(), ["t/one/a.txt", "t/two/b.txt"])
        with self.assertRaisesRegex(UserErrorException, "not below"):
            self.datastore.upload_files(paths, relative_root="x/one", show_progress=False)
        with self.assertRaisesRegex(UserErrorException, "no file"):
            self.datastore.upload_files(["absent"], show_progress=False)

    def test_a_registered_name_is_a_folder_and_its_key_is_not_kept(self):
        made = Datastore.register_azure_blob_container(
            workspace=self.workspace, datastore_name="Mine", container_name="c", account_name="a", account_key="hidden"
        )
        again = Datastore.get(self.workspace, "mine")
        self.assertEqual(made, again)
        self.assertEqual((again.name, again.account_name, again.container_name), ("Mine", "a", "c"))
        with open(os.path.join(self.project, ".runledger", "data", "mine.json"), encoding="utf-8") as file:
            self.assertNotIn("hidden", file.read())
        self.assertIn("Mine", self.workspace.datastores)
        made.set_as_default()
        self.assertEqual(Datastore.get_default(self.workspace).name, "Mine")
        made.unregister()
        self.assertEqual(Datastore.get_default(self.workspace).name, "workspaceblobstore")
        with self.assertRaisesRegex(UserErrorException, "no datastore"):
            Datastore.get(self.workspace, "mine")

    def test_references_are_local_paths(self):
        reference = self.datastore.path("a/b").as_mount()
        self.assertEqual(str(reference), os.path.join(self.datastore._folder, "a", "b"))
        self.assertEqual(os.fspath(self.datastore.as_download()), self.datastore._folder)
        self.assertTrue(os.path.isdir(str(self.datastore.path("made").as_upload())))
        self.assertEqual(DataReference(self.datastore, "n", "a").path("b").path_on_datastore, "a/b")
        for path in ("../x", "a/../../x"):
            with self.assertRaisesRegex(UserErrorException, "leads out"):
                self.datastore.path(path)


class Files(Fixture):
    def test_wildcards_folders_and_lists(self):
        self.fill(["a.txt", "b.txt", "below/c.txt", "d.csv"])
        for path, expected in (
            ((self.datastore, "data"), ["/a.txt", "/b.txt", "/below/c.txt", "/d.csv"]),
            ((self.datastore, "data/*.txt"), ["/a.txt", "/b.txt"]),
            ((self.datastore, "data/**/*.txt"), ["/a.txt", "/b.txt", "/below/c.txt"]),
            ([(self.datastore, "data/d.csv"), DataPath(self.datastore, "data/a.txt")], ["/d.csv", "/a.txt"]),
            ((self.datastore, ["data/d.csv", "data/a.txt"]), ["/d.csv", "/a.txt"]),
            (self.datastore.path("data/below"), ["/c.txt"]),
            (os.path.join(self.datastore._folder, "data", "b.txt"), ["/b.txt"]),
        ):
            self.assertEqual(Dataset.File.from_files(path).to_path(), expected)
        with self.assertRaisesRegex(UserErrorException, "no file"):
            Dataset.File.from_files((self.datastore, "absent"))

    def test_download_and_mount(self):
        self.fill(["a.txt", "b.txt", "c.csv"])
        dataset = Dataset.File.from_files((self.datastore, "data/*.txt"))
        paths = dataset.download("copies")
        self.assertEqual(paths, [os.path.join(self.project, "copies", name) for name in ("a.txt", "b.txt")])
        with self.assertRaisesRegex(UserErrorException, "overwrite"):
            dataset.download("copies")
        for _ in range(2):
            with dataset.mount() as context:
                self.assertEqual(sorted(os.listdir(context.mount_point)), ["a.txt", "b.txt"])
        self.fill(["d.txt"])
        self.assertEqual(sorted(os.listdir(dataset.mount().mount_point)), ["a.txt", "b.txt", "d.txt"])
        whole = Dataset.File.from_files((self.datastore, "data"))
        self.assertEqual(whole.mount().mount_point, os.path.join(self.datastore._folder, "data"))

    def test_the_parts_of_a_split_are_everything(self):
        self.fill(["{:02}.txt".format(index) for index in range(40)])
        dataset = Dataset.File.from_files((self.datastore, "data"))
        for seed in (7, None):
            first, second = dataset.random_split(0.7, seed)
            self.assertEqual(sorted(first.to_path() + second.to_path()), dataset.to_path())
            self.assertTrue(first.to_path() and second.to_path())
            self.assertEqual(first.to_path(), first.to_path())
        self.assertEqual(dataset.take(3).skip(1).to_path(), ["/01.txt", "/02.txt"])
        self.assertEqual(dataset.take_sample(1.0, 3).to_path(), dataset.to_path())

    def test_versions(self):
        self.fill(["a.txt", "b.txt"])
        one = Dataset.File.from_files((self.datastore, "data/a.txt")).register(self.workspace, "Letters", tags={"a": 1})
        two = Dataset.File.from_files((self.datastore, "data/b.txt"))
        self.assertEqual((one.name, one.version, one.tags), ("Letters", 1, {"a": "1"}))
        with self.assertRaisesRegex(UserErrorException, "already"):
            two.register(self.workspace, "letters")
        two = two.register(self.workspace, "Letters", create_new_version=True)
        self.assertEqual(two.version, 2)
        self.assertEqual(two.register(self.workspace, "Letters", create_new_version=True).version, 2)
        self.assertEqual(Dataset.get_by_name(self.workspace, "letters").to_path(), ["/b.txt"])
        self.assertEqual(Dataset.get_by_name(self.workspace, "letters", version=1).to_path(), ["/a.txt"])
        self.assertEqual(Dataset.get_by_id(self.workspace, one.id).version, 1)
        self.assertNotEqual(one.id, two.id)
        for get in (Dataset.get_by_name, Dataset.get_by_id):
            with self.assertRaises(UserErrorException):
                get(self.workspace, "none")

    def test_what_is_not_offered_says_so(self):
        self.fill(["a.txt"])
        with self.assertRaises(NotAvailableException):
            Dataset.Tabular.from_sql_query("select")
        with self.assertRaisesRegex(UserErrorException, "http or https"):
            Dataset.File.from_files("ftp://host/a")


_SCRIPT = """
import json, os, sys
from azureml.core import Run
run = Run.get_context()
found = run.input_datasets
run.log("table", found["table"].name)
run.log("columns", json.dumps(found["table"]._content["operations"]))
run.log("files", json.dumps(sorted(os.listdir(found["files"]))))
run.log("arguments", json.dumps(sys.argv[1:]))
"""


class Web(Fixture):
    def test_what_is_at_an_address_is_fetched_once(self):
        asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802 (the name that the server calls)
                asked.append(self.path)
                self.send_response(200 if self.path == "/a/b%20c.csv" else 404)
                self.end_headers()
                self.wfile.write(b"n\n1\n")

            def log_message(self, *arguments):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        address = "http://127.0.0.1:{}/a/".format(server.server_port)
        registered = Dataset.File.from_files(address + "b%20c.csv").register(self.workspace, "web")
        self.assertEqual(asked, [])
        for _ in range(2):
            (path,) = Dataset.get_by_name(self.workspace, "web").download()
            with open(path, encoding="utf-8") as file:
                self.assertEqual((os.path.basename(path), file.read()), ("b c.csv", "n\n1\n"))
        self.assertEqual((asked, registered.to_path()), (["/a/b%20c.csv"], ["/b c.csv"]))
        with self.assertRaisesRegex(UserErrorException, "404"):
            Dataset.File.from_files(address + "absent").to_path()


class Inputs(Fixture):
    def test_a_run_configuration_has_references(self):
        self.fill(["a.txt"])
        self.write("src/read.py", READ_REFERENCES)
        configuration = RunConfiguration()
        reference = self.datastore.path("data/a.txt", data_reference_name="raw").as_download(path_on_compute="/tmp/raw")
        made = DataReferenceConfiguration(self.datastore.name, "upload", "made/here", overwrite=True)
        configuration.data_references = {"raw": reference.to_config(), "made": made}
        configuration.save(self.project, "with-data")
        loaded = RunConfiguration.load(self.project, "with-data")
        self.assertEqual(loaded.data_references["raw"].path_on_datastore, "data/a.txt")
        read = loaded.data_references["made"]
        self.assertEqual((read.mode, read.overwrite), ("upload", True))
        for used in (configuration, loaded):
            arguments = ["--raw", "$AZUREML_DATAREFERENCE_raw", "--other", "$AZUREML_DATAREFERENCE_other"]
            run = Experiment(self.workspace, "references").submit(ScriptRunConfig("src", "read.py", arguments, used))
            self.assertEqual(run.wait_for_completion()["status"], "Completed")
            self.assertNotIn("warnings", run.get_details())
            raw = os.path.join(self.datastore._folder, "data", "a.txt")
            expected = {"text": "A.TXT", "raw": raw, "arguments": " ".join(["--raw", raw] + arguments[2:])}
            self.assertEqual(run.get_metrics(), expected)
            with open(os.path.join(self.datastore._folder, "made", "here", "made.txt"), encoding="utf-8") as file:
                self.assertEqual(file.read(), run.id)
        configuration.data_references = {"raw": "data"}
        with self.assertRaisesRegex(UserErrorException, "'raw'. must be a DataReferenceConfiguration"):
            Experiment(self.workspace, "references").submit(ScriptRunConfig("src", "read.py", run_config=configuration))

    def test_a_submitted_script_finds_its_inputs(self):
        self.fill(["a.csv", "b.txt", "c.txt"])
        table = Dataset.Tabular.from_delimited_files((self.datastore, "data/a.csv")).register(self.workspace, "Numbers")
        files = Dataset.File.from_files((self.datastore, "data/*.txt")).as_named_input("files").as_mount()
        self.write("code/train.py", _SCRIPT)
        reference = self.datastore.path("data").as_mount()
        arguments = ["--table", table.as_named_input("table"), "--files", files, "--place", reference]
        run = Experiment(self.workspace, "Inputs").submit(ScriptRunConfig("code", "train.py", arguments))
        run.wait_for_completion()
        metrics = run.get_metrics()
        self.assertEqual((metrics["table"], json.loads(metrics["files"])), ("Numbers", ["b.txt", "c.txt"]))
        given = json.loads(metrics["arguments"])
        self.assertEqual(given[1], table.id)
        self.assertEqual(sorted(os.listdir(given[3])), ["b.txt", "c.txt"])
        self.assertEqual(given[5], os.path.join(self.datastore._folder, "data"))

    def test_a_single_file_is_its_own_path(self):
        self.fill(["a.csv"])
        path = os.path.join(self.datastore._folder, "data", "a.csv")
        for given, expected in (("data/a.csv", path), ("data", os.path.dirname(path))):
            bound = Dataset.File.from_files((self.datastore, given)).as_named_input("given")
            for value in (bound.as_mount(), bound.as_download()):
                name, binding = value._input_binding()
                self.assertEqual((name, binding["path"], value._argument()), ("given", expected, expected))
        by_pattern = Dataset.File.from_files((self.datastore, "data/*.csv")).as_mount()
        self.assertEqual(os.listdir(by_pattern._argument()), ["a.csv"])

    def test_names_of_inputs_are_those_of_variables(self):
        self.fill(["a.csv"])
        table = Dataset.Tabular.from_delimited_files((self.datastore, "data/a.csv"))
        with self.assertRaisesRegex(UserErrorException, "letters"):
            table.as_named_input("a b")
        with self.assertRaisesRegex(UserErrorException, "mounted"):
            table.as_named_input("a").as_mount()
        self.assertEqual(list(run_inputs.variables(["x", 1, table.as_named_input("a")])), ["RUNLEDGER_INPUT_a"])


class Tables(Fixture):
    def setUp(self):
        super().setUp()
        self.csv = self.write("numbers.csv", "n,word,when\n1,one,2020-01-02\n2,two,2020-01-03\n3,NA,never\n")

    @unittest.skipIf(pandas is not None, "pandas is there")
    def test_without_pandas_only_reading_is_refused(self):
        table = Dataset.Tabular.from_delimited_files(self.csv).drop_columns("word").take(2)
        with self.assertRaisesRegex(UserErrorException, "pip install pandas"):
            table.to_pandas_dataframe()

    @unittest.skipIf(pandas is None, "needs pandas")
    def test_columns_rows_and_types(self):
        table = Dataset.Tabular.from_delimited_files(self.csv)
        self.assertEqual(list(table.keep_columns(["when", "n"]).to_pandas_dataframe().columns), ["n", "when"])
        self.assertEqual(list(table.drop_columns("when").take(2).to_pandas_dataframe()["n"]), [1, 2])
        self.assertEqual(list(table.skip(1).to_pandas_dataframe()["n"]), [2, 3])
        with self.assertRaisesRegex(UserErrorException, "no column absent"):
            table.drop_columns(["absent"]).to_pandas_dataframe()
        typed = Dataset.Tabular.from_delimited_files(
            self.csv,
            set_column_types={"n": DataType.to_float(), "when": DataType.to_datetime("%Y-%m-%d")},
            empty_as_string=True,
        ).to_pandas_dataframe()
        self.assertEqual(str(typed["n"].dtype), "float64")
        self.assertEqual(list(typed["when"].isna()), [False, False, True])
        self.assertEqual(typed["word"][2], "NA")

    @unittest.skipIf(pandas is None, "needs pandas")
    def test_several_files_are_one_table(self):
        self.write("more.csv", "n,word,when\n4,four,\n")
        frame = Dataset.Tabular.from_delimited_files(
            [self.csv, os.path.join(self.project, "more.csv")], include_path=True
        ).to_pandas_dataframe()
        self.assertEqual(list(frame["n"]), [1, 2, 3, 4])
        self.assertEqual(frame["Path"][3], "/more.csv")

    @unittest.skipIf(pandas is None, "needs pandas")
    def test_parts_of_the_paths_are_columns(self):
        for place, text in (("a/2019/06", "n\n1\n"), ("b/2020/01", "n\n2\n3\n")):
            self.write("parts/{}/data.csv".format(place), text)
        pattern = os.path.join(self.project, "parts", "*", "*", "*", "data.csv")
        read = Dataset.Tabular.from_delimited_files
        frame = read(pattern, partition_format="/{team}/{month:yyyy/MM}/data.csv").to_pandas_dataframe()
        self.assertEqual(list(frame.columns), ["team", "month", "n"])
        self.assertEqual(list(frame["team"]), ["a", "b", "b"])
        self.assertEqual(str(frame["month"][2]), "2020-01-01 00:00:00")
        with self.assertRaisesRegex(UserErrorException, "data.csv does not fit"):
            read(pattern, partition_format="/{team}/{month:yyyy-MM}/data.csv").to_pandas_dataframe()
        for wrong, why in (("/data.csv", "no column"), ("/{a}/{a}/x.csv", "twice"), (3, "a text")):
            with self.subTest(wrong), self.assertRaisesRegex(UserErrorException, why):
                read(pattern, partition_format=wrong)

    @unittest.skipIf(pandas is None, "needs pandas")
    def test_rows_by_their_times(self):
        day = datetime.datetime
        self.write("times.csv", "when,day,n\n2019-01-01,x,1\n2019-01-02 12:00,x,2\n2019-01-03,x,3\nnever,x,4\n")
        plain = Dataset.Tabular.from_delimited_files(os.path.join(self.project, "times.csv"))
        table = plain.with_timestamp_columns("when", "day").register(self.workspace, "Times")
        table = Dataset.get_by_name(self.workspace, "Times")
        self.assertEqual(table.timestamp_columns, ("when", "day"))
        for found, expected in (
            (table.time_before(day(2019, 1, 1)), [1]),
            (table.time_before(day(2019, 1, 1), include_boundary=False), []),
            (table.time_after(day(2019, 1, 2)), [2, 3]),
            (table.time_after(day(2019, 1, 2)).time_before(day(2019, 1, 2, 23)), [2]),
            (table.time_between(day(2019, 1, 1), day(2019, 1, 3)), [1, 2, 3]),
            (table.time_recent(datetime.timedelta(days=1)), []),
            (table.drop_columns("day").time_after(day(2019, 1, 3)), [3]),
        ):
            self.assertEqual(list(found.to_pandas_dataframe()["n"]), expected)
        for without in (plain, table.drop_columns("when").drop_columns("day"), table.keep_columns("n")):
            with self.assertRaises(DatasetTimestampMissingError):
                without.time_before(day(2019, 1, 1))
        self.assertEqual(table.with_timestamp_columns().timestamp_columns, (None, None))
        with self.assertRaisesRegex(UserErrorException, "without timestamp"):
            plain.with_timestamp_columns(partition_timestamp="day")
        with self.assertRaisesRegex(UserErrorException, "no column absent"):
            plain.with_timestamp_columns("absent", validate=True)

    @unittest.skipIf(pandas is None, "needs pandas")
    def test_headers_and_json_lines(self):
        frame = Dataset.Tabular.from_delimited_files(self.csv, header=False).to_pandas_dataframe()
        self.assertEqual((list(frame.columns), len(frame)), (["Column1", "Column2", "Column3"], 4))
        self.write("rest.csv", "4,four,\n5,five,\n")
        both = [self.csv, os.path.join(self.project, "rest.csv")]
        behavior = PromoteHeadersBehavior.ONLY_FIRST_FILE_HAS_HEADERS
        read = Dataset.Tabular.from_delimited_files(both, header=behavior, include_path=True)
        self.assertEqual(list(read.to_pandas_dataframe().columns), ["Path", "n", "word", "when"])
        self.assertEqual(list(read.to_pandas_dataframe()["n"]), [1, 2, 3, 4, 5])
        path = self.write("lines.jsonl", '{"a": 1}\n{"a": 2}\n')
        self.assertEqual(list(Dataset.Tabular.from_json_lines_files(path).to_pandas_dataframe()["a"]), [1, 2])


if __name__ == "__main__":
    unittest.main()
