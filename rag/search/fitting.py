"""What is learned when the index is built. The only module that imports scikit-learn."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import spmatrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from rag.search.classifier import SectionClassifier
from rag.search.embedding import CorpusEmbedder
from rag.search.space import FeatureSpace, features

DIMENSIONS = 128
"""Singular vectors kept, where there are as many texts."""

REGULARISATION = 0.5
"""C of the support vector machine."""

SEED = 20251210

MIN_EIGENVALUE = 1e-9


class Fitting:
    """Fits everything in one feature space, that of the labelled texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Learn vocabulary and idf; the same texts give the same space."""
        self._vectorizer = TfidfVectorizer(
            analyzer=features, sublinear_tf=True, norm="l2", dtype=np.float32
        )
        self._matrix: spmatrix = self._vectorizer.fit_transform(texts)
        self.space = FeatureSpace(
            self._vectorizer.get_feature_names_out().tolist(),
            self._vectorizer.idf_.astype(np.float32),
        )

    def classifier(self, sections: Sequence[int], count: int) -> SectionClassifier:
        """The classifier from the section's position of every text of the space."""
        machine = LinearSVC(C=REGULARISATION, random_state=SEED)
        machine.fit(self._matrix, np.array(sections))
        coefficients = np.zeros((len(self.space.vocabulary), count), dtype=np.float16)
        intercepts = np.full(count, -2.0, dtype=np.float32)
        coefficients[:, machine.classes_] = machine.coef_.T
        intercepts[machine.classes_] = machine.intercept_
        return SectionClassifier(self.space, coefficients, intercepts)

    def embedder(self, texts: Sequence[str]) -> CorpusEmbedder:
        """The embedder from texts that say what belongs together.

        The right singular vectors come from the eigenvectors of the small matrix of the texts'
        inner products: exact, deterministic, and four times as fast as a randomised method.
        """
        matrix = self._vectorizer.transform(texts)
        values, vectors = np.linalg.eigh((matrix @ matrix.T).toarray())
        kept = slice(-1, -1 - min(DIMENSIONS, len(texts) - 1), -1)
        left = vectors[:, kept] / np.sqrt(np.maximum(values[kept], MIN_EIGENVALUE))
        return CorpusEmbedder(self.space, np.asarray(matrix.T @ left, dtype=np.float16))
