"""Any real file as plain text: what it is by its content, and one UTF-8 table out of an encoding, a workbook, a zip."""
