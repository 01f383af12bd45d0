"""The worker: training and evaluation outside of the pages' process.

consumer.py   waits for the queue and watches over the bench; light enough never to miss a heartbeat
bench.py      a process of its own, in which jobs run one after the other; killing it loses nothing
work.py       one job: train and publish, refresh, or measure
refreshing.py the newest ratings learned, and whether that is better
booking.py    versions entered in the book
stock.py      what is missing on the shelf: first start, damaged artifacts
ahead.py      `--once`: everything that is missing, now, with progress on the terminal
"""
