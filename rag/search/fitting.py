"""What is learned when the index is built. The only module that imports scikit-learn."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import diags_array, spmatrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from rag.corpus.questions import ANSWERED, CONTENT, INTENTS, REASONS
from rag.search.answerability import BY_FORM, BY_WORDS, is_of_form
from rag.search.classifier import SectionClassifier
from rag.search.embedding import CorpusEmbedder, Vectors
from rag.search.linear import LinearModel
from rag.search.space import FeatureSpace, features
from rag.search.vocabulary import Vocabulary, in_order
from rag.search.weighing import Weighing

DIMENSIONS = 64
"""Singular vectors kept, where there are as many texts."""

REGULARISATION = 0.5
"""C of the support vector machine."""

MIN_TEXTS = 4
"""Texts that a feature stands in, or it is left out: rarer ones make the index twice as large and
teach nothing."""

TOLERANCE = 1e-2
"""Where the support vector machine stops; a finer one takes twice as long and ranks alike."""

SEED = 20251210

MIN_EIGENVALUE = 1e-9

SOFTNESS = 30.0
"""C of the logistic regression over questions about the structure."""

SILENCE_SOFTNESS = 100.0
"""The same over questions that the document does not answer, which are three times as many."""

HARD_WEIGHT = 1.5
EASY_WEIGHT = 1.0
OTHER_WEIGHT = 0.1

Example = tuple[Sequence[str], str]
"""A question's features and its label."""


class Fitting:
    """Fits everything in one feature space, that of the labelled texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Learn vocabulary and idf; the same texts give the same space."""
        self._vectorizer = TfidfVectorizer(
            analyzer=features, sublinear_tf=True, norm="l2", min_df=MIN_TEXTS, dtype=np.float32
        )
        self._matrix: spmatrix = self._vectorizer.fit_transform(texts)
        self._order, weighing = _weighing(self._vectorizer)
        self.space = FeatureSpace(weighing)

    def classifier(self, sections: Sequence[int], count: int) -> SectionClassifier:
        """The classifier from the section's position of every text of the space."""
        machine = LinearSVC(C=REGULARISATION, tol=TOLERANCE, random_state=SEED)
        machine.fit(self._matrix, np.array(sections))
        coefficients = np.zeros((len(self._order), count), dtype=np.float16)
        intercepts = np.full(count, -2.0, dtype=np.float32)
        coefficients[:, machine.classes_] = machine.coef_.T[self._order]
        intercepts[machine.classes_] = machine.intercept_
        return SectionClassifier(self.space, coefficients, intercepts)

    def embedder(self, texts: Sequence[str]) -> tuple[CorpusEmbedder, Vectors]:
        """The embedder from texts that say what belongs together, and the texts' own vectors.

        The right singular vectors come from the eigenvectors of the small matrix of the texts'
        inner products: exact, deterministic, and four times as fast as a randomised method.
        """
        matrix = self._vectorizer.transform(texts)
        values, vectors = np.linalg.eigh((matrix @ matrix.T).toarray())
        kept = slice(-1, -1 - min(DIMENSIONS, len(texts) - 1), -1)
        left = vectors[:, kept] / np.sqrt(np.maximum(values[kept], MIN_EIGENVALUE))
        projection = np.asarray(matrix.T @ left, dtype=np.float16)
        located = matrix @ projection.astype(np.float32)
        lengths = np.linalg.norm(located, axis=1, keepdims=True)
        embedder = CorpusEmbedder(self.space, projection[self._order])
        return embedder, located / np.maximum(lengths, MIN_EIGENVALUE)


def fit_silence(examples: Sequence[Example], answered: Sequence[Sequence[str]]) -> LinearModel:
    """Silent or not by words, the same by form, and by each reason or not.

    From labelled questions and from answered ones.

    A reason is told from all else, answered questions included: the surest one says more of
    whether the document is silent than decisions over all reasons at once.
    The labelled questions that are answered look like those that are not, and so weigh more than
    the easy ones of the index.
    """
    features = [features for features, _ in examples] + list(answered)
    labels = np.array([label for _, label in examples] + [ANSWERED] * len(answered))
    weights = np.where(labels == ANSWERED, HARD_WEIGHT, 1.0)
    weights[len(examples) :] = EASY_WEIGHT
    vectorizer, matrix = _weighed(features, min_texts=2)
    silent = labels != ANSWERED
    form = np.array([is_of_form(name) for name in vectorizer.get_feature_names_out()])
    views = [matrix @ diags_array(kept * 1.0) for kept in (~form, form)]
    machines = [_logistic(view, silent, weights) for view in views]
    hard = slice(len(examples))
    machines += [
        _logistic(matrix[hard], labels[hard] == reason, weights[hard]) for reason in REASONS
    ]
    return _model((BY_WORDS, BY_FORM, *REASONS), vectorizer, machines)


def fit_intents(examples: Sequence[Example], others: Sequence[Sequence[str]]) -> LinearModel:
    """What is asked of the structure, from labelled questions and others about content."""
    features = [features for features, _ in examples] + list(others)
    labels = np.array([label for _, label in examples] + [CONTENT] * len(others))
    weights = np.ones(len(labels))
    weights[len(examples) :] = OTHER_WEIGHT
    vectorizer, matrix = _weighed(features, min_texts=2)
    classes = (*INTENTS, CONTENT)
    machines = [
        _logistic(matrix, labels == each, weights, SOFTNESS, class_weight=None) for each in classes
    ]
    return _model(classes, vectorizer, machines)


def _weighed(
    features: Sequence[Sequence[str]], min_texts: int = 1
) -> tuple[TfidfVectorizer, spmatrix]:
    vectorizer = TfidfVectorizer(
        analyzer=list, sublinear_tf=True, min_df=min_texts, dtype=np.float32
    )
    return vectorizer, vectorizer.fit_transform(features)


def _logistic(
    matrix: spmatrix,
    target: NDArray[np.bool_],
    weights: NDArray[np.float64],
    softness: float = SILENCE_SOFTNESS,
    class_weight: str | None = "balanced",
) -> LogisticRegression:
    machine = LogisticRegression(
        C=softness, class_weight=class_weight, solver="liblinear", tol=TOLERANCE, random_state=SEED
    )
    return machine.fit(matrix, target, sample_weight=weights)


def _model(
    classes: Sequence[str], vectorizer: TfidfVectorizer, machines: Sequence[LogisticRegression]
) -> LinearModel:
    order, weighing = _weighing(vectorizer)
    coefficients = np.concatenate([machine.coef_ for machine in machines]).T[order]
    intercepts = np.concatenate([machine.intercept_ for machine in machines])
    return LinearModel(
        classes, weighing, coefficients.astype(np.float16), intercepts.astype(np.float32)
    )


def _weighing(vectorizer: TfidfVectorizer) -> tuple[NDArray[np.intp], Weighing]:
    """The vectorizer's columns in the order of our rows, and its weighing."""
    terms = in_order(vectorizer.vocabulary_)
    order = np.array([vectorizer.vocabulary_[term] for term in terms], dtype=np.intp)
    return order, Weighing(Vocabulary.of(terms), vectorizer.idf_[order].astype(np.float32))


def fit_decision(
    features: NDArray[np.float64], silent: NDArray[np.bool_]
) -> tuple[float, NDArray[np.float64]]:
    """Intercept and one weight per feature of a logistic regression, for unscaled features."""
    scaler = StandardScaler().fit(features)
    machine = LogisticRegression(C=1.0).fit(scaler.transform(features), silent)
    weights = machine.coef_[0] / scaler.scale_
    return float(machine.intercept_[0] - weights @ scaler.mean_), weights
