"""Tables in and out as workbooks."""
