"""The worker: training and evaluation outside of the pages' process.

consumer.py   waits for the queue and watches over the bench; light enough never to miss a heartbeat
bench.py      a process of its own, in which jobs run one after the other; killing it loses nothing
work.py       one job: train and publish, or measure
stock.py      what is missing on the shelf: first start, damaged artifacts
ahead.py      `--once`: everything that is missing, now, with progress on the terminal
"""
