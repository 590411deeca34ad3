"""A network that is fitted with its layers kept on one scale, and with units left out at random.

What a hidden layer gives is brought to mean 0 and variance 1 over each batch (batch normalisation; Ioffe and
Szegedy, ICML 2015), and of it a share is left out of each batch (dropout; Srivastava and others, Journal of
Machine Learning Research 15, 2014), so that no unit relies on another. Steps grow and shrink again over the
passes (one cycle; Smith and Topin, Super-convergence, 2018), and take a part of each weight away (AdamW;
Loshchilov and Hutter, ICLR 2019). Such a network learns faster and overfits less. Once it is fitted, the
scaling becomes a part of the next layer's weights, and it answers like any network of rectified units.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

Floats = npt.NDArray[np.floating[Any]]
Weights = tuple[list[Floats], list[Floats]]

# The largest step, the share of the steps until it is reached, and how much smaller the first and last are.
STEP, RISE, FIRST, LAST = 1e-2, 0.3, 25.0, 1e5
# How much of what is known of gradients, and of their squares, a step leaves as it is; of a layer's scale.
GRADIENTS, SQUARES, SCALES = 0.9, 0.99, 0.9
# What keeps a division by a variance, or by the size of a gradient, from being one by 0. A unit that answers
# to hardly any row has a variance near 0: with 1e-5, such rows made the error of wages half as large again.
SMALL, SMALLEST = 1e-2, 1e-8


class Layer(NamedTuple):
    """A layer: its weights and constants, and the scale and shift of what it gives; the last has neither."""

    weights: Floats
    constants: Floats
    scale: Floats
    shift: Floats


class _Seen(NamedTuple):
    """What a hidden layer met on the way forward, needed on the way back."""

    given: Floats
    positive: npt.NDArray[np.bool_]
    scaled: Floats
    spread: Floats
    kept: Floats


class NormalisedNetwork:
    """A network while it is fitted, pass by pass.

    Parameters
    ----------
    sizes : sequence of int
        Columns, units of each hidden layer, answers.
    steps : int
        Steps in all; the cycle of their sizes spans them.
    classes : bool
        Whether the answers are the logarithms of the odds of classes, and the loss the log loss; else it is
        the squared error.
    left_out : float
        Share of a hidden layer's units that is left out, from 0 to 0.99; in steps of 1/256.
    decay : float
        The share of a weight that a step of size 1 takes away.
    rng : numpy.random.Generator
        Of the first weights, the order of the rows and the units left out.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        steps: int,
        classes: bool,
        left_out: float,
        decay: float,
        rng: np.random.Generator,
    ) -> None:
        self.classes, self.rng = classes, rng
        self.steps, self.done = steps, 0
        self.dropped = round(left_out * 256)
        # All in one array, so that a step is a few operations, and a layer's are views of it.
        self._values, self.layers = _room(sizes)
        self._gradients, self._slopes = _room(sizes)
        self._first, self._second = np.zeros_like(self._values), np.zeros_like(self._values)
        self._shrinking, shrinking = _room(sizes)
        for layer, (given, asked), decays in zip(self.layers, pairwise(sizes), shrinking, strict=True):
            limit = np.sqrt((6 if len(layer.scale) else 1) / given)
            layer.weights[:] = rng.uniform(-limit, limit, size=(given, asked))
            layer.scale[:] = 1
            decays.weights[:] = decay
        self.means: list[Floats] = [np.zeros_like(layer.shift) for layer in self.layers[:-1]]
        self.variances: list[Floats] = [np.ones_like(layer.shift) for layer in self.layers[:-1]]

    def one_pass(self, rows: Floats, target: Floats, weights: Floats, *, batch: int) -> None:
        """Take a step for each whole batch of the rows, in a random order.

        Parameters
        ----------
        rows : numpy.ndarray
            rows × columns, scaled.
        target : numpy.ndarray
            rows × answers: of classes 1 for the one that it is and 0 for the others.
        weights : numpy.ndarray
            How much each row counts, on average 1.
        batch : int
            At most as many as there are rows.
        """
        order = self.rng.permutation(len(rows))
        for start in range(0, len(rows) - batch + 1, batch):
            at = order[start : start + batch]
            self._find_gradients(rows[at], target[at], weights[at])
            self._step()

    def weights(self) -> Weights:
        """Return the weights and constants of the plain network of rectified units that answers alike."""
        weights, constants = list[Floats](), list[Floats]()
        scale: Floats = np.ones(len(self.layers[0].weights), np.float32)
        shift: Floats = np.zeros(len(scale), np.float32)
        for place, layer in enumerate(self.layers):
            weights.append(scale[:, None] * layer.weights)
            constants.append(layer.constants + (shift[:, None] * layer.weights).sum(axis=0))
            if place < len(self.means):
                scale = layer.scale / np.sqrt(self.variances[place] + SMALL)
                shift = layer.shift - scale * self.means[place]
        return weights, constants

    def _find_gradients(self, rows: Floats, target: Floats, weights: Floats) -> None:
        outcome: Floats = rows
        met = list[_Seen]()
        for place, layer in enumerate(self.layers[:-1]):
            met.append(self._forward(place, outcome))
            outcome = (met[-1].scaled * layer.scale + layer.shift) * met[-1].kept
        last, slopes = self.layers[-1], self._slopes[-1]
        odds = outcome @ last.weights + last.constants
        told: Floats = softmax(odds, axis=1) if self.classes else odds
        back: Floats = (told - target) * (weights / len(rows))[:, None]
        np.matmul(outcome.T, back, out=slopes.weights)
        slopes.constants[:] = back.sum(axis=0)
        for place in reversed(range(len(met))):
            back = self._backward(place, met[place], back @ self.layers[place + 1].weights.T)

    def _forward(self, place: int, given: Floats) -> _Seen:
        bent = given @ self.layers[place].weights + self.layers[place].constants
        positive = bent > 0
        bent *= positive
        mean, variance = bent.mean(axis=0), bent.var(axis=0)
        self.means[place] = SCALES * self.means[place] + (1 - SCALES) * mean
        self.variances[place] = SCALES * self.variances[place] + (1 - SCALES) * variance
        spread = np.sqrt(variance + SMALL)
        drawn = np.frombuffer(self.rng.bytes(bent.size), dtype=np.uint8).reshape(bent.shape)
        kept = (drawn >= self.dropped) * np.float32(256 / (256 - self.dropped))
        return _Seen(given, positive, (bent - mean) / spread, spread, kept)

    def _backward(self, place: int, seen: _Seen, back: Floats) -> Floats:
        """Keep the gradients of a layer, and return those of what it computed before it was bent."""
        slopes = self._slopes[place]
        back = back * seen.kept
        slopes.scale[:] = (back * seen.scaled).sum(axis=0)
        slopes.shift[:] = back.sum(axis=0)
        centred = back - (slopes.shift + seen.scaled * slopes.scale) / len(back)
        back = centred * (self.layers[place].scale / seen.spread) * seen.positive
        np.matmul(seen.given.T, back, out=slopes.weights)
        slopes.constants[:] = back.sum(axis=0)
        return back

    def _step(self) -> None:
        size = np.float32(cycle(self.done / max(1, self.steps)))
        self.done += 1
        self._first += (1 - GRADIENTS) * (self._gradients - self._first)
        self._second += (1 - SQUARES) * (self._gradients**2 - self._second)
        spread = np.sqrt(self._second / np.float32(1 - SQUARES**self.done)) + np.float32(SMALLEST)
        self._values *= 1 - size * self._shrinking
        self._values -= (size / np.float32(1 - GRADIENTS**self.done)) * self._first / spread


def _room(sizes: Sequence[int]) -> tuple[Floats, list[Layer]]:
    """Return zeros for all that is fitted, and the layers as views of them."""
    shapes: list[tuple[int, ...]] = []
    for place, (given, asked) in enumerate(pairwise(sizes)):
        scales = asked if place < len(sizes) - 2 else 0
        shapes += [(given, asked), (asked,), (scales,), (scales,)]
    ends = np.cumsum([math.prod(shape) for shape in shapes])
    values = np.zeros(ends[-1], dtype=np.float32)
    views = [part.reshape(shape) for part, shape in zip(np.split(values, ends[:-1]), shapes, strict=True)]
    return values, [Layer(*views[place : place + 4]) for place in range(0, len(views), 4)]


def cycle(done: float) -> float:
    """Return the size of a step where this share of the steps, from 0 to 1, is done."""
    if done < RISE:
        low, high, way = STEP / FIRST, STEP, done / RISE
    else:
        low, high, way = STEP, STEP / LAST, (done - RISE) / (1 - RISE)
    return float(low + (high - low) * (1 - np.cos(np.pi * min(1.0, way))) / 2)


def answers(weights: Weights, rows: Floats) -> Floats:
    """Return rows × answers of the plain network."""
    outcome = rows
    for place, (each, constants) in enumerate(zip(*weights, strict=True)):
        outcome = outcome @ each + constants
        if place < len(weights[0]) - 1:
            outcome = np.maximum(outcome, 0)
    return np.asarray(outcome)
