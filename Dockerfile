# Two stages: the first builds the environment, the second carries only what runs, as a user without rights.
ARG BASE=python:3.11-slim

FROM ${BASE} AS build
WORKDIR /build
COPY requirements.txt requirements.lock ./
RUN python3 -m venv /opt/marquee \
 && /opt/marquee/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt -c requirements.lock \
 && { /opt/marquee/bin/python -m compileall -q -j 0 /opt/marquee/lib || true; }

FROM ${BASE}
# implicit's compiled parts use OpenMP.
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends libgomp1 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 marquee \
 && mkdir /data && chown marquee /data
COPY --from=build /opt/marquee /opt/marquee
WORKDIR /srv/marquee
COPY .streamlit .streamlit
COPY assets assets
COPY recommender recommender
COPY db db
COPY app app
ENV PATH=/opt/marquee/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MARQUEE_HOME=/data
USER marquee
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/health', timeout=4)"]
CMD ["python", "-m", "app", "--port", "8501"]
