"""What narrows the photos: the panel of filters, the calendar, date headings."""
