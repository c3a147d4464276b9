"""The application in the browser; Gradio is imported here alone."""
