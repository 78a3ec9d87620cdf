"""Floor 9: what the pages share; the only code beside the pages and app.py that knows Streamlit."""
