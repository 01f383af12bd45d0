"""The Marquee library: data, models, evaluation and serving. Works on arrays; knows no Streamlit and no database."""
