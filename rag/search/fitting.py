"""What is learned when the index is built. The only module that imports scikit-learn."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import spmatrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from rag.corpus.silence import LabelledQuestion
from rag.search.answerability import REASONS, AnswerabilityModel, question_features
from rag.search.classifier import SectionClassifier
from rag.search.embedding import CorpusEmbedder, Vectors
from rag.search.space import FeatureSpace, features

DIMENSIONS = 128
"""Singular vectors kept, where there are as many texts."""

REGULARISATION = 0.5
"""C of the support vector machine."""

MIN_TEXTS = 2
"""Texts that a feature stands in, or it is left out: what occurs once teaches nothing."""

TOLERANCE = 1e-2
"""Where the support vector machine stops; a finer one takes twice as long and ranks alike."""

SEED = 20251210

MIN_EIGENVALUE = 1e-9

SOFTNESS = 30.0
"""C of the logistic regression over questions."""

HARD_WEIGHT = 1.5
EASY_WEIGHT = 0.4


class Fitting:
    """Fits everything in one feature space, that of the labelled texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Learn vocabulary and idf; the same texts give the same space."""
        self._vectorizer = TfidfVectorizer(
            analyzer=features, sublinear_tf=True, norm="l2", min_df=MIN_TEXTS, dtype=np.float32
        )
        self._matrix: spmatrix = self._vectorizer.fit_transform(texts)
        self.space = FeatureSpace(
            self._vectorizer.get_feature_names_out().tolist(),
            self._vectorizer.idf_.astype(np.float32),
        )

    def classifier(self, sections: Sequence[int], count: int) -> SectionClassifier:
        """The classifier from the section's position of every text of the space."""
        machine = LinearSVC(C=REGULARISATION, tol=TOLERANCE, random_state=SEED)
        machine.fit(self._matrix, np.array(sections))
        coefficients = np.zeros((len(self.space.vocabulary), count), dtype=np.float16)
        intercepts = np.full(count, -2.0, dtype=np.float32)
        coefficients[:, machine.classes_] = machine.coef_.T
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
        return CorpusEmbedder(self.space, projection), located / np.maximum(lengths, MIN_EIGENVALUE)


def fit_answerability(
    labelled: Sequence[LabelledQuestion], answered: Sequence[str]
) -> AnswerabilityModel:
    """The model from labelled questions and from the index's questions, which are all answered.

    Logistic regression on TF-IDF; the labelled questions that are answered look like those that
    are not, and so weigh more than the easy ones of the index.
    """
    texts = [question.text for question in labelled] + list(answered)
    reasons = [question.reason for question in labelled] + [None] * len(answered)
    weights = [HARD_WEIGHT if q.reason is None else 1.0 for q in labelled]
    weights += [EASY_WEIGHT] * len(answered)
    vectorizer = TfidfVectorizer(analyzer=question_features, sublinear_tf=True, dtype=np.float32)
    matrix = vectorizer.fit_transform(texts)
    silent = np.flatnonzero([reason is not None for reason in reasons])
    targets = np.array([[reason == each for reason in reasons] for each in REASONS])
    machines = [_logistic(matrix, np.isin(np.arange(len(texts)), silent), np.array(weights))]
    machines += [_logistic(matrix[silent], row, np.ones(len(silent))) for row in targets[:, silent]]
    return AnswerabilityModel(
        vectorizer.get_feature_names_out().tolist(),
        vectorizer.idf_.astype(np.float32),
        np.concatenate([m.coef_ for m in machines]).T.astype(np.float16),
        np.concatenate([m.intercept_ for m in machines]).astype(np.float32),
    )


def _logistic(
    matrix: spmatrix, target: NDArray[np.bool_], weights: NDArray[np.float64]
) -> LogisticRegression:
    machine = LogisticRegression(
        C=SOFTNESS, class_weight="balanced", solver="liblinear", tol=TOLERANCE, random_state=SEED
    )
    return machine.fit(matrix, target, sample_weight=weights)


def fit_decision(
    features: NDArray[np.float64], silent: NDArray[np.bool_]
) -> tuple[float, NDArray[np.float64]]:
    """Intercept and one weight per feature of a logistic regression, for unscaled features."""
    scaler = StandardScaler().fit(features)
    machine = LogisticRegression(C=1.0).fit(scaler.transform(features), silent)
    weights = machine.coef_[0] / scaler.scale_
    return float(machine.intercept_[0] - weights @ scaler.mean_), weights
