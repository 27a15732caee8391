"""The only door to vendors of language models and embeddings."""
