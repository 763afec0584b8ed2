"""Tables of Parquet files, with the real pandas and pyarrow."""

import unittest

from test_integrations import IntegrationCase, needs

HEAD = """
import os
import pandas, pyarrow, pyarrow.parquet
from azureml.core import Dataset, Experiment, ScriptRunConfig, Workspace
ws = Workspace.from_config()
"""


class Parquet(IntegrationCase):
    @needs("pandas", "pyarrow")
    def test_files_of_every_column_type(self):
        self.carry_out(
            HEAD + "from azureml.data import DataType\n"
            "from azureml.exceptions import UserErrorException\n"
            "os.makedirs('parts')\n"
            "for index, month in enumerate(('2020-01', '2020-02')):\n"
            "    frame = pandas.DataFrame({\n"
            "        'n': [index * 2, index * 2 + 1], 'share': [0.5, float('nan')], 'word': ['Grüße', None], 'ok': [True, False],\n"
            "        'when': pandas.to_datetime([month + '-01', month + '-02']), 'text': ['1', 'x'],\n"
            "        'kind': pandas.Categorical(['a', 'b'])})\n"
            "    frame.to_parquet('parts/{}.parquet'.format(month))\n"
            "read = Dataset.Tabular.from_parquet_files\n"
            "found = read('parts/*.parquet').to_pandas_dataframe()\n"
            "assert list(found.columns) == ['n', 'share', 'word', 'ok', 'when', 'text', 'kind'], found.columns\n"
            "assert list(found['n']) == [0, 1, 2, 3] and list(found.index) == [0, 1, 2, 3], found\n"
            "assert found['when'].dtype.kind == 'M' and found['ok'].dtype == bool, found.dtypes\n"
            "assert found['word'][0] == 'Grüße' and pandas.isna(found['word'][1]), found['word']\n"
            "assert list(found['kind']) == ['a', 'b', 'a', 'b'], found['kind']\n"
            "months = read('parts/*.parquet', partition_format='/parts/{month:yyyy-MM}.parquet', include_path=True,\n"
            "              set_column_types={'text': DataType.to_float(), 'n': DataType.to_string()})\n"
            "frame = months.to_pandas_dataframe()\n"
            "assert list(frame.columns[:2]) == ['Path', 'month'] and frame['Path'][0] == '/2020-01.parquet', frame\n"
            "assert [time.month for time in frame['month']] == [1, 1, 2, 2], frame['month']\n"
            "assert frame['text'][0] == 1.0 and pandas.isna(frame['text'][1]) and frame['n'][3] == '3', frame\n"
            "timed = read('parts/*.parquet').with_timestamp_columns('when').register(ws, 'Timed')\n"
            "import datetime\n"
            "later = Dataset.get_by_name(ws, 'Timed').time_after(datetime.datetime(2020, 2, 1))\n"
            "assert list(later.keep_columns(['n', 'when']).take(1).to_pandas_dataframe()['n']) == [2]\n"
            "with open('broken.parquet', 'w') as file:\n"
            "    file.write('n,m')\n"
            "try:\n"
            "    read('broken.parquet').to_pandas_dataframe()\n"
            "except UserErrorException as error:\n"
            "    assert 'broken.parquet cannot be read as Parquet' in str(error), error\n"
            "else:\n"
            "    raise AssertionError('a broken file was read')\n"
        )

    @needs("pandas", "pyarrow")
    def test_a_registered_frame_keeps_its_types(self):
        self.carry_out(
            HEAD + "frame = pandas.DataFrame({\n"
            "    'n': pandas.array([1, None], dtype='Int64'), 'when': pandas.to_datetime(['2020-01-02', None], utc=True),\n"
            "    'word': ['a', 'b']}, index=[7, 8])\n"
            "target = (ws.get_default_datastore(), 'frames')\n"
            "dataset = Dataset.Tabular.register_pandas_dataframe(frame, target, 'Frame', show_progress=False)\n"
            "assert dataset.version == 1, dataset\n"
            "found = Dataset.get_by_name(ws, 'Frame').to_pandas_dataframe()\n"
            "assert list(found.columns) == ['n', 'when', 'word'], found\n"
            "assert found['n'][0] == 1 and pandas.isna(found['n'][1]), found\n"
            "assert str(found['when'][0]) == '2020-01-02 00:00:00+00:00' and pandas.isna(found['when'][1]), found\n"
            "assert list(found['word']) == ['a', 'b'], found\n"
            "frame.index.name = 'id'\n"
            "Dataset.Tabular.register_pandas_dataframe(frame, target, 'Frame', show_progress=False)\n"
            "found = Dataset.get_by_name(ws, 'Frame').to_pandas_dataframe()\n"
            "assert list(found.columns) == ['n', 'when', 'word', 'id'] and list(found['id']) == [7, 8], found\n"
            "from azureml.exceptions import UserErrorException\n"
            "try:\n"
            "    mixed = pandas.DataFrame({'a': [1, 'x', b'y']})\n"
            "    Dataset.Tabular.register_pandas_dataframe(mixed, target, 'Mixed', show_progress=False)\n"
            "except UserErrorException as error:\n"
            "    assert 'cannot be written' in str(error), error\n"
            "else:\n"
            "    raise AssertionError('a column of mixed types was written')\n"
            "assert 'Mixed' not in ws.datasets\n"
        )


if __name__ == "__main__":
    unittest.main()
