"""Metrics of lists `[people, k]`, one idea per file. Accuracy says whether a list was right, the others what it is like.

accuracy          hr, recall, ndcg, mrr: higher is better
coverage          share of the catalogue that is shown to anybody: higher is better
novelty           how little known the movies shown are, in bits
diversity         how unlike each other the genres of a list are, 0..1
popularity_bias   how popular the movies shown are, and how unevenly the shelves are shown (Gini), 0..1
calibration       how far a list's genres are from the person's own: lower is better
"""
