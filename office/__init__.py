"""The office at work: what the command line and the screens both ask for, above the case file and the channels."""
