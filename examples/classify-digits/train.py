"""Trains a classifier of handwritten digits by gradient descent, and logs what happens."""

import argparse
import csv
import gzip
import json
import math
import os
import random
import time
from operator import mul

from azureml.core import Run

from drawing import write_weights

CLASSES = 10
PIXELS = 64
BRIGHTEST = 16.0
HERE = os.path.dirname(os.path.abspath(__file__))


def read_images(path):
    """Returns [(pixels from 0 to 1, digit), ...]."""
    with gzip.open(path, "rt", newline="") as file:
        return [([float(p) / BRIGHTEST for p in row[:PIXELS]], int(row[PIXELS])) for row in csv.reader(file)]


def softmax(scores):
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def probabilities(weights, biases, pixels):
    return softmax([sum(map(mul, row, pixels)) + bias for row, bias in zip(weights, biases)])


def evaluate(weights, biases, images):
    """Returns the mean cross-entropy, the share of right answers, and the answers."""
    loss = 0.0
    answers = []
    for pixels, digit in images:
        chances = probabilities(weights, biases, pixels)
        loss -= math.log(max(chances[digit], 1e-12))
        answers.append(max(range(CLASSES), key=chances.__getitem__))
    right = sum(answer == digit for answer, (_, digit) in zip(answers, images))
    return loss / len(images), right / len(images), answers


def train_epoch(weights, biases, images, learning_rate, batch_size, l2):
    """One pass over the shuffled images; changes weights and biases. Returns loss and accuracy on the way."""
    loss = 0.0
    right = 0
    for start in range(0, len(images), batch_size):
        batch = images[start : start + batch_size]
        gradients = [[0.0] * PIXELS for _ in range(CLASSES)]
        slopes = [0.0] * CLASSES
        for pixels, digit in batch:
            chances = probabilities(weights, biases, pixels)
            loss -= math.log(max(chances[digit], 1e-12))
            right += max(range(CLASSES), key=chances.__getitem__) == digit
            chances[digit] -= 1.0
            for label, error in enumerate(chances):
                slopes[label] += error
                gradients[label] = [g + error * p for g, p in zip(gradients[label], pixels)]
        rate = learning_rate / len(batch)
        decay = 1.0 - learning_rate * l2
        for label in range(CLASSES):
            weights[label] = [w * decay - rate * g for w, g in zip(weights[label], gradients[label])]
            biases[label] -= rate * slopes[label]
    return loss / len(images), right / len(images)


def confusion(images, answers):
    """Rows are the true digits, columns the answers."""
    matrix = [[0] * CLASSES for _ in range(CLASSES)]
    for (_, digit), answer in zip(images, answers):
        matrix[digit][answer] += 1
    return matrix


def scores_by_class(matrix):
    """Precision, recall and number of images of each digit, as a table."""
    table = {"digit": [], "precision": [], "recall": [], "images": []}
    for label in range(CLASSES):
        answered = sum(row[label] for row in matrix)
        images = sum(matrix[label])
        table["digit"].append(label)
        table["precision"].append(matrix[label][label] / answered if answered else 0.0)
        table["recall"].append(matrix[label][label] / images if images else 0.0)
        table["images"].append(images)
    return table


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--learning-rate", type=float, default=0.3)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--l2", type=float, default=1e-4, help="weight decay")
    parser.add_argument("--validation-share", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    run = Run.get_context()
    for name, value in vars(arguments).items():
        run.tag(name, value)

    images = read_images(os.path.join(HERE, "data", "digits.csv.gz"))
    random.seed(arguments.seed)
    random.shuffle(images)
    count = int(len(images) * arguments.validation_share)
    validation, training = images[:count], images[count:]
    print("{} images to train on, {} to validate with".format(len(training), len(validation)))

    weights = [[random.gauss(0.0, 0.01) for _ in range(PIXELS)] for _ in range(CLASSES)]
    biases = [0.0] * CLASSES
    started = time.time()
    for epoch in range(arguments.epochs):
        random.shuffle(training)
        loss, accuracy = train_epoch(
            weights, biases, training, arguments.learning_rate, arguments.batch_size, arguments.l2
        )
        validation_loss, validation_accuracy, answers = evaluate(weights, biases, validation)
        run.log("train/loss", loss, step=epoch)
        run.log("train/accuracy", accuracy, step=epoch)
        run.log("val/loss", validation_loss, step=epoch)
        run.log("val/accuracy", validation_accuracy, step=epoch)
        print(
            "epoch {:3d}  loss {:.4f}  accuracy {:.4f}  validation loss {:.4f}  accuracy {:.4f}".format(
                epoch, loss, accuracy, validation_loss, validation_accuracy
            )
        )

    validation_loss, validation_accuracy, answers = evaluate(weights, biases, validation)
    matrix = confusion(validation, answers)
    run.log("training seconds", time.time() - started)
    run.log_confusion_matrix(
        "confusion matrix",
        {
            "schema_type": "confusion_matrix",
            "schema_version": "v1",
            "data": {"class_labels": [str(label) for label in range(CLASSES)], "matrix": matrix},
        },
    )
    run.log_table("scores by class", scores_by_class(matrix))

    os.makedirs("outputs", exist_ok=True)
    write_weights("outputs/weights.png", weights)
    run.log_image("weights", path="outputs/weights.png")
    with open("outputs/model.json", "w") as file:
        json.dump({"weights": weights, "biases": biases, "accuracy": validation_accuracy}, file)
    with open("outputs/predictions.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["digit", "prediction"])
        writer.writerows((digit, answer) for (_, digit), answer in zip(validation, answers))
    print("{:.1f} % of the validation set is right".format(100 * validation_accuracy))
    run.complete()


if __name__ == "__main__":
    main()
