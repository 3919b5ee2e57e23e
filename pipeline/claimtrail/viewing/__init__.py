"""What people see of a run in a terminal: filters, tables, explanations, counts, comparisons; nothing here prints."""
