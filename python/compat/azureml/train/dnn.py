"""``from azureml.train.dnn import Chainer``."""

from runledger.azureml_v1.estimator import Chainer, Mpi, PyTorch, TensorFlow

__all__ = ["Chainer", "Mpi", "PyTorch", "TensorFlow"]
