"""Unbiased learning to rank: what stands on top is seen and clicked more; how to learn what people like all the same.

world        real people, and the truth about what they like
clicks       who looks where and clicks on what, when the truth is known
sessions     lists that a house shows by a rule of its own, and the clicks on them
propensity   with what chance each place is looked at, by `swaps`, by `harvest` or by `em`
losses       what a ranker can learn from clicks, one correction per file
ranker       the ranker that they all train
experiment   the whole way, and who ranks best
"""
