"""What a workbook holds, looked at before a reader is let near it: one module for each format."""
