"""One module a group of pages; each has a `router`, and every route of it names who may use it (`web.desk.allow`)."""
