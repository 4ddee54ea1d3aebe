"""Pictures drawn on the server as SVG: state diagrams from the machines themselves, and charts with their tables."""
