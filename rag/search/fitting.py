"""What is learned from the corpus when the index is built. The only module that imports scikit-learn."""

from collections.abc import Sequence

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from rag.search.embedding import CorpusEmbedder, features

DIMENSIONS = 128
"""Singular vectors kept, where the corpus has as many texts."""

SEED = 20251210


def fit_embedder(texts: Sequence[str]) -> CorpusEmbedder:
    """The embedder learned from the texts; the same texts give the same vectors."""
    vectorizer = TfidfVectorizer(analyzer=features, sublinear_tf=True, norm="l2", dtype=np.float32)
    matrix = vectorizer.fit_transform(texts)
    dimensions = max(2, min(DIMENSIONS, len(texts) - 1, matrix.shape[1] - 1))
    svd = TruncatedSVD(dimensions, algorithm="randomized", n_iter=7, random_state=SEED).fit(matrix)
    return CorpusEmbedder(
        vectorizer.get_feature_names_out().tolist(),
        vectorizer.idf_.astype(np.float32),
        np.ascontiguousarray(svd.components_.T, dtype=np.float32),
    )
