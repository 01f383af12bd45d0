"""Re-ranking: a ranked list put into another order for the sake of the list as a whole. One idea per file.

Every function takes the scores of n candidates, what it compares them by, and k, and returns the places (0..n-1) of the k that are to be
shown, in order: `[min(k, n)]`, none twice. Its weight goes from 0, which gives back the plain order, to 1, which looks at scores no more. Of equal
candidates the first comes first.
"""
