"""Writers: the one Document as Word, web page and PDF, in memory."""
